import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { forgetAll, ownerOf } from './kept';
import { meQuery } from './me';
import { endSession } from './session';

/** Ends the session and forgets everything that was loaded or kept with it. */
export function useSignOut() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: endSession,
    onSuccess: async () => {
      await navigate({ to: '/signin' });
      const me = queries.getQueryData(meQuery.queryKey);
      if (me) {
        forgetAll(ownerOf(me));
      }
      queries.clear();
    },
  });
}
