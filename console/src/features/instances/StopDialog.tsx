import { Select } from '@mantine/core';
import { useState } from 'react';
import { stopReasons } from '../../app/search';
import { t } from '../../i18n/messages';
import { Dialog } from '../../ui/Dialog';
import { StatusShape } from '../../ui/StatusShape';
import type { ActionDialogProps } from './PauseDialog';

export function StopDialog({ name, action, close }: ActionDialogProps) {
  const [reason, setReason] = useState<(typeof stopReasons)[number]>('manual');
  return (
    <Dialog
      opened
      close={close}
      title={t('person.stop.title', { name })}
      submit={{
        label: t('person.stop.submit'),
        danger: true,
        busy: action.isPending,
        run: () => action.mutate({ kind: 'stop', reason }, { onSettled: close }),
      }}
    >
      <div className="note warn">
        <StatusShape shape="warn" />
        <span>{t('person.stop.text', { name })}</span>
      </div>
      <Select
        label={t('people.act.reason')}
        value={reason}
        allowDeselect={false}
        data={stopReasons.map((value) => ({ value, label: t(`stop.${value}`) }))}
        onChange={(value) => value && setReason(value as typeof reason)}
      />
    </Dialog>
  );
}
