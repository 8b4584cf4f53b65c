import { t } from '../../i18n/messages';
import { Dialog } from '../../ui/Dialog';
import { StatusShape } from '../../ui/StatusShape';
import type { ActionDialogProps } from './PauseDialog';

export function ResendDialog({ name, action, close }: ActionDialogProps) {
  return (
    <Dialog
      opened
      close={close}
      title={t('person.resend.title', { name })}
      submit={{
        label: t('person.resend.submit'),
        danger: true,
        busy: action.isPending,
        run: () => action.mutate({ kind: 'resolve', outcome: 'resend' }, { onSettled: close }),
      }}
    >
      <div className="note doubt">
        <StatusShape shape="doubt" />
        <span>{t('person.resend.text', { name })}</span>
      </div>
    </Dialog>
  );
}
