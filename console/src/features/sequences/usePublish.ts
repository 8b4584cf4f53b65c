import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api, tagged } from '../../api/client';
import { t } from '../../i18n/messages';
import { told } from '../../ui/toasts';
import { useOwner } from '../accounts/kept';
import { sent } from './draft';
import { type Base, dropDraft, keepDraft, type OpenDraft } from './openDraft';
import type { PolicyName } from './PolicyChoice';

interface Published {
  version: number;
  /** The migration that moves people; null when they stay. */
  migration: string | null;
}

/** Publishes the draft if the sequence has not changed since the draft began, and moves people as chosen. */
export function usePublish(id: string, saved: (base: Base) => void) {
  const owner = useOwner();
  const queries = useQueryClient();
  const path = { id };
  return useMutation({
    mutationFn: async ({ draft, base, policy }: OpenDraft & { policy: PolicyName }): Promise<Published> => {
      const body = { name: draft.name, description: draft.description || null, steps: sent(draft.steps) };
      const { value, etag } = await tagged(
        api.PUT('/api/sequences/{id}', { params: { path, header: { 'If-Match': base.etag ?? undefined } }, body }),
      );
      const version = 'version' in value ? value.version : 0;
      // From here on a repeat continues from the version that this has published.
      const published = { version, etag };
      keepDraft(owner, id, { draft, base: published });
      saved(published);
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
      dropDraft(owner, id);
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
