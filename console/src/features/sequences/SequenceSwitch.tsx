import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import type { Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Dialog } from '../../ui/Dialog';
import { StatusShape } from '../../ui/StatusShape';
import { failed, told } from '../../ui/toasts';
import { useCanWrite } from '../accounts/me';
import { sequencesQuery } from './sequences';

/** Turns a sequence on or off. Turning off states first how many people it puts on hold. */
export function SequenceSwitch({ sequence }: { sequence: Sequence }) {
  const { id, name, enabled, instanceCounts } = sequence;
  const canWrite = useCanWrite();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const waiting = (instanceCounts.ACTIVE ?? 0) + (instanceCounts.PAUSED ?? 0);
  const change = useMutation({
    mutationFn: (on: boolean) =>
      answer(api.PUT('/api/sequences/{id}', { params: { path: { id } }, body: { enabled: on } })),
    onSuccess: async (_, on) => {
      setAsking(false);
      await queries.invalidateQueries(sequencesQuery);
      told(t(on ? 'sequences.turnedOn' : 'sequences.turnedOff', { name }), {
        label: t('common.undo'),
        run: () => change.mutate(!on),
      });
    },
    onError: (error) => failed(error),
  });

  if (!canWrite) {
    return (
      <span className="st">
        <StatusShape shape={enabled ? 'ok' : 'off'} />
        {t(enabled ? 'status.on' : 'status.off')}
      </span>
    );
  }
  return (
    <>
      <button
        type="button"
        className="sw"
        role="switch"
        aria-checked={enabled}
        aria-label={t('sequences.switch', { name })}
        disabled={change.isPending}
        onClick={() => (enabled && waiting > 0 ? setAsking(true) : change.mutate(!enabled))}
      />
      <Dialog
        opened={asking}
        close={() => setAsking(false)}
        title={t('sequences.off.title', { name })}
        submit={{ label: t('sequences.off.confirm'), run: () => change.mutate(false), busy: change.isPending }}
      >
        <p>{t('sequences.off.effect', { n: waiting })}</p>
      </Dialog>
    </>
  );
}
