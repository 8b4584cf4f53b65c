import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { endSession } from './session';

/** Ends the session and forgets everything that was loaded with it. */
export function useSignOut() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: endSession,
    onSuccess: async () => {
      await navigate({ to: '/signin' });
      queries.clear();
    },
  });
}
