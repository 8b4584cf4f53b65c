import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { answer, api } from '../../api/client';
import { ApiError } from '../../api/problem';
import { t } from '../../i18n/messages';
import { failed, told } from '../../ui/toasts';
import { useOwner } from '../accounts/kept';
import { type Draft, sent } from './draft';
import { dropDraft } from './openDraft';

/** Creates the sequence of the editor and opens its list of people. */
export function useCreateSequence() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const owner = useOwner();
  // A repeat with the same draft creates no second sequence, even if the first response was lost.
  const keyed = useRef<{ draft: Draft; key: string } | null>(null);
  const create = useMutation({
    mutationFn: (draft: Draft) => {
      if (keyed.current?.draft !== draft) {
        keyed.current = { draft, key: crypto.getRandomValues(new Uint32Array(4)).join('-') };
      }
      const { name, description, steps } = draft;
      return answer(
        api.POST('/api/sequences', {
          params: { header: { 'Idempotency-Key': keyed.current.key } },
          body: { name, description: description || undefined, steps: sent(steps) },
        }),
      );
    },
    onSuccess: async ({ id, name }) => {
      dropDraft(owner, 'new');
      told(t('editor.created', { name }));
      await queries.invalidateQueries({ queryKey: ['sequences'] });
      await navigate({ to: '/sequences/$id/edit', params: { id } });
    },
    onError: failed,
  });
  return { ...create, fields: create.error instanceof ApiError ? create.error.fields : {} };
}
