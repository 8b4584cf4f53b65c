import { Select, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import type { InstanceActionCounts, InstanceActionInput, Operation } from '../../api/schemas';
import { stopReasons } from '../../app/search';
import { t } from '../../i18n/messages';
import { Dialog } from '../../ui/Dialog';
import { EffectRows } from '../../ui/EffectRows';
import { ErrorNote } from '../../ui/ErrorNote';
import { StatusShape } from '../../ui/StatusShape';
import { failed, progress } from '../../ui/toasts';
import type { BulkAction } from './BulkBar';
import { OperationToast } from './OperationToast';

type Timing = NonNullable<InstanceActionInput['timing']>;
type Reason = NonNullable<InstanceActionInput['reason']>;

interface Props {
  action: BulkAction;
  target: Pick<InstanceActionInput, 'filter' | 'ids'>;
  close: () => void;
  done: (text: string) => void;
}

// From here on a number must be typed before an action that cannot be undone.
const many = 100;

/** Shows the counts of a dry run before an action on many people. */
export function BulkDialog({ action, target, close, done }: Props) {
  const [timing, setTiming] = useState<Timing>('shift');
  const [reason, setReason] = useState<Reason>('manual');
  const [typed, setTyped] = useState('');
  const request: InstanceActionInput = {
    action,
    ...target,
    ...(action === 'resume' && { timing }),
    ...(action === 'stop' && { reason }),
  };
  const effect = useQuery({
    queryKey: ['people', 'effect', action, target, action === 'stop' ? reason : timing],
    queryFn: ({ signal }) =>
      answer(
        api.POST('/api/instances/actions', { body: { ...request, dryRun: true }, signal }),
      ) as Promise<InstanceActionCounts>,
    gcTime: 0,
  });
  const act = useMutation({
    mutationFn: () => answer(api.POST('/api/instances/actions', { body: request })) as Promise<Operation>,
    onSuccess: (operation) => {
      close();
      done(t('people.operation.starting'));
      progress(operation.id, <OperationToast started={operation} />);
    },
    onError: failed,
  });
  const allowed = effect.data?.allowed ?? 0;
  const mustType = action === 'stop' && allowed > many;
  return (
    <Dialog
      opened
      close={close}
      title={effect.data ? t(`people.act.title.${action}`, { n: allowed }) : t(`people.act.${action}`)}
      typed={typed !== ''}
      submit={{
        label: t(`people.act.title.${action}`, { n: allowed }),
        run: () => act.mutate(),
        busy: act.isPending,
        danger: action === 'stop',
        disabled: allowed === 0 || (mustType && typed.replace(/\D/g, '') !== String(allowed)),
      }}
    >
      {effect.error && <ErrorNote error={effect.error} retry={effect.refetch} />}
      {!effect.error && !effect.data && <p className="q">{t('people.act.counting')}</p>}
      {effect.data && <EffectRows rows={rows(effect.data)} />}
      {action === 'stop' && (
        <>
          <div className="note warn">
            <StatusShape shape="warn" />
            <span>{t('people.act.irreversible')}</span>
          </div>
          <Select
            label={t('people.act.reason')}
            value={reason}
            allowDeselect={false}
            data={stopReasons.map((value) => ({ value, label: t(`stop.${value}`) }))}
            onChange={(value) => value && setReason(value as Reason)}
          />
        </>
      )}
      {action === 'resume' && (
        <Select
          label={t('people.timing')}
          value={timing}
          allowDeselect={false}
          data={(['shift', 'keep', 'restart'] as const).map((value) => ({ value, label: t(`people.timing.${value}`) }))}
          onChange={(value) => value && setTiming(value as Timing)}
        />
      )}
      {mustType && (
        <TextInput
          label={t('people.act.type', { n: allowed })}
          inputMode="numeric"
          autoComplete="off"
          className="narrow"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
    </Dialog>
  );
}

function rows({ matching, allowed, refused }: InstanceActionCounts) {
  return [
    { label: t('people.effect.matching'), count: matching },
    { label: t('people.effect.allowed'), count: allowed },
    ...refused.map(({ code, count }) => ({
      label: code === 'invalidTransition' ? t('people.effect.refused') : t('people.effect.refused.other', { code }),
      count,
    })),
  ];
}
