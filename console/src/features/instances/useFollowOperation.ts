import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { answer, api } from '../../api/client';
import type { Operation } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { number } from '../../i18n/time';
import { failed, progress, told } from '../../ui/toasts';

const pause = 700;

/** Shows the progress of an operation until it ends, also when the user goes to another page. */
export function useFollowOperation(): (operation: Operation) => void {
  const queries = useQueryClient();
  return useCallback(
    (started: Operation) => {
      const look = async (operation: Operation): Promise<void> => {
        if (operation.state === 'queued' || operation.state === 'running') {
          const { done, total } = operation;
          progress(
            operation.id,
            total === null
              ? t(`operation.${operation.state}`)
              : t('people.operation.running', { done: number(done), total: number(total) }),
          );
          await new Promise((resolve) => setTimeout(resolve, pause));
          const path = { id: operation.id };
          return look(await answer(api.GET('/api/operations/{id}', { params: { path } })));
        }
        told(summary(operation), undefined, operation.id);
        await Promise.all([
          queries.invalidateQueries({ queryKey: ['people'] }),
          queries.invalidateQueries({ queryKey: ['sequences'] }),
        ]);
      };
      look(started).catch(failed);
    },
    [queries],
  );
}

function summary({ state, done, refused }: Operation): string {
  const parts = [state === 'completed' ? t('people.operation.done', { n: done }) : t(`operation.${state}`)];
  if (refused > 0) {
    parts.push(t('people.operation.refused', { n: number(refused) }));
  }
  return parts.join(' ');
}
