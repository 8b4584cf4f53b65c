import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { t } from '../../i18n/messages';
import { failed, told } from '../../ui/toasts';

export type PersonAction =
  | { kind: 'pause' }
  | { kind: 'resume'; timing: 'shift' | 'keep' | 'restart' }
  | { kind: 'stop'; reason: 'manual' | 'replied' | 'unsubscribed' | 'bounced' | 'complained' | 'goal' }
  | { kind: 'retry' }
  | { kind: 'skip' }
  | { kind: 'resolve'; outcome: 'sent' | 'resend' };

/** Acts on one instance. What can be undone has Undo in its toast. */
export function usePersonAction(id: string, name: string) {
  const queries = useQueryClient();
  const params = { path: { id } };
  const action = useMutation({
    mutationFn: (asked: PersonAction) => answer(send(asked)),
    onSuccess: (_, asked) => told(...outcome(asked)),
    onError: failed,
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['person', id] }),
        queries.invalidateQueries({ queryKey: ['people'] }),
        queries.invalidateQueries({ queryKey: ['sequences'] }),
      ]),
  });

  function send(asked: PersonAction) {
    switch (asked.kind) {
      case 'pause':
        return api.POST('/api/instances/{id}/pause', { params });
      case 'resume':
        return api.POST('/api/instances/{id}/resume', { params, body: { timing: asked.timing } });
      case 'stop':
        return api.POST('/api/instances/{id}/stop', { params, body: { reason: asked.reason } });
      case 'retry':
        return api.POST('/api/instances/{id}/retry', { params });
      case 'skip':
        return api.POST('/api/instances/{id}/skip', { params });
      case 'resolve':
        return api.POST('/api/instances/{id}/resolve', { params, body: { outcome: asked.outcome } });
    }
  }

  function outcome(asked: PersonAction): Parameters<typeof told> {
    switch (asked.kind) {
      case 'pause':
        return [
          t('person.paused', { name }),
          { label: t('common.undo'), run: () => action.mutate({ kind: 'resume', timing: 'keep' }) },
        ];
      case 'resume':
        return [
          t('person.resumed', { name }),
          { label: t('common.undo'), run: () => action.mutate({ kind: 'pause' }) },
        ];
      case 'stop':
        return [t('person.stopped', { name })];
      default:
        return [t('person.changed')];
    }
  }
  return action;
}
