import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => answer(api.GET('/api/me', { signal })),
  staleTime: 60_000,
});

/** The caller. The shell has loaded it before any page is shown. */
export function useMe() {
  return useSuspenseQuery(meQuery).data;
}

/** Whether the credential may change something. Pages leave out what it may not. */
export function useCanWrite(): boolean {
  return useMe().permissions.includes('write');
}
