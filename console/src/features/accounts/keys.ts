import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';

// A user has at most 100 keys, which fit on one page.
export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: async ({ signal }) =>
    (await answer(api.GET('/api/keys', { params: { query: { limit: 200 } }, signal }))).items,
});
