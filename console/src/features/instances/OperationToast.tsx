import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { answer, api } from '../../api/client';
import type { Operation } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { number } from '../../i18n/time';
import { failed, hide, told } from '../../ui/toasts';

/** The progress of an operation. When it ends, its toast has the result, and the lists that it changed are loaded again. */
export function OperationToast({ started }: { started: Operation }) {
  const queries = useQueryClient();
  const { data: operation, error } = useQuery({
    queryKey: ['operation', started.id],
    queryFn: ({ signal }) => answer(api.GET('/api/operations/{id}', { params: { path: { id: started.id } }, signal })),
    initialData: started,
    refetchInterval: ({ state }) => (isRunning(state.data) && !state.error ? 700 : false),
  });
  useEffect(() => {
    if (error) {
      hide(started.id);
      failed(error);
    } else if (!isRunning(operation)) {
      told(summary(operation), undefined, operation.id);
    } else {
      return;
    }
    void queries.invalidateQueries({ queryKey: ['people'] });
    void queries.invalidateQueries({ queryKey: ['sequences'] });
  }, [error, operation, queries, started.id]);

  const { state, done, total } = operation;
  return state === 'queued' || total === null
    ? t(`operation.${state}`)
    : t('people.operation.running', { done: number(done), total: number(total) });
}

function isRunning(operation: Operation | undefined): boolean {
  return operation?.state === 'queued' || operation?.state === 'running';
}

function summary({ state, done, refused }: Operation): string {
  const parts = [state === 'completed' ? t('people.operation.done', { n: done }) : t(`operation.${state}`)];
  if (refused > 0) {
    parts.push(t('people.operation.refused', { n: number(refused) }));
  }
  return parts.join(' ');
}
