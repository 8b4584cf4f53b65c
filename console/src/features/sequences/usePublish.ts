import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { t } from '../../i18n/messages';
import { told } from '../../ui/toasts';
import { type Draft, dropDraft, sent } from './draft';
import type { PolicyName } from './PolicyChoice';

interface Published {
  version: number;
  /** The migration that moves people; null when they stay. */
  migration: string | null;
}

/** Publishes the draft if the sequence has not changed meanwhile, and moves people as chosen. */
export function usePublish(id: string, etag: string | null) {
  const queries = useQueryClient();
  const path = { id };
  return useMutation({
    mutationFn: async ({ draft, policy }: { draft: Draft; policy: PolicyName }): Promise<Published> => {
      const body = { name: draft.name, description: draft.description || null, steps: sent(draft.steps) };
      const saved = await answer(
        api.PUT('/api/sequences/{id}', { params: { path, header: { 'If-Match': etag ?? undefined } }, body }),
      );
      const version = 'version' in saved ? saved.version : 0;
      if (policy === 'stay') {
        return { version, migration: null };
      }
      const params = { path: { id, version } };
      const migration = await answer(
        api.POST('/api/sequences/{id}/versions/{version}/migrate', { params, body: { policy } }),
      );
      return { version, migration: migration.id };
    },
    onSuccess: ({ version }) => {
      dropDraft(id);
      told(t('publish.done', { version }));
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['sequences'] }),
        queries.invalidateQueries({ queryKey: ['sequence', id], exact: true }),
        queries.invalidateQueries({ queryKey: ['people'] }),
      ]),
  });
}
