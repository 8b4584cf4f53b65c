import { t } from '../../i18n/messages';
import { Dialog } from '../../ui/Dialog';
import type { usePersonAction } from './usePersonAction';

export interface ActionDialogProps {
  name: string;
  action: ReturnType<typeof usePersonAction>;
  close: () => void;
}

/** The three ways to continue after a pause. */
export const timings = ['shift', 'keep', 'restart'] as const;

export function PauseDialog({ name, action, close }: ActionDialogProps) {
  return (
    <Dialog
      opened
      close={close}
      title={t('person.pause.title', { name })}
      submit={{
        label: t('person.pause.submit'),
        busy: action.isPending,
        run: () => action.mutate({ kind: 'pause' }, { onSettled: close }),
      }}
    >
      <p className="q">{t('person.pause.text', { name })}</p>
      <div className="panel">
        {timings.map((timing) => (
          <div key={timing} className="opt">
            <b>{t(`person.pause.${timing}`)}</b>
            <span>{t(`person.pause.${timing}.text`)}</span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
