import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
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
  const create = useMutation({
    mutationFn: ({ name, description, steps }: Draft) =>
      answer(
        api.POST('/api/sequences', {
          body: { name, description: description || undefined, steps: sent(steps) },
        }),
      ),
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
