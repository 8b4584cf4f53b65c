import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';

/** The user's present situation. The stream replaces it every two seconds. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => answer(api.GET('/api/overview', { signal })),
});

export const forecastQuery = queryOptions({
  queryKey: ['forecast'],
  queryFn: ({ signal }) => answer(api.GET('/api/forecast', { params: { query: { hours: 168 } }, signal })),
  // As old as the API's own answer may be.
  staleTime: 60_000,
});

export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => answer(api.GET('/api/system', { signal })),
  refetchInterval: 5_000,
});

export const statsQuery = (id: string) =>
  queryOptions({
    queryKey: ['sequence', id, 'stats'],
    queryFn: ({ signal }) => answer(api.GET('/api/sequences/{id}/stats', { params: { path: { id } }, signal })),
    staleTime: 60_000,
  });
