import { queryOptions } from '@tanstack/react-query';
import { answer, api, tagged } from '../../api/client';
import type { Sequence } from '../../api/schemas';

// 1,000 sequences; beyond that the list shows the newest.
const mostPages = 5;
const pageSize = 200;

export const sequencesQuery = queryOptions({
  queryKey: ['sequences'],
  queryFn: async ({ signal }) => {
    const all: Sequence[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const { items, nextCursor } = await answer(
        api.GET('/api/sequences', { params: { query: { limit: pageSize, cursor } }, signal }),
      );
      all.push(...items);
      if (!nextCursor) {
        break;
      }
      cursor = nextCursor;
    }
    return all;
  },
});

/** The sequences for names and step counts next to instances; a name rarely changes. */
export const sequenceNamesQuery = queryOptions({ ...sequencesQuery, staleTime: 60_000 });

/** A sequence with its entity tag, which a change sends as If-Match. */
export const sequenceQuery = (id: string) =>
  queryOptions({
    queryKey: ['sequence', id],
    queryFn: ({ signal }) => tagged(api.GET('/api/sequences/{id}', { params: { path: { id } }, signal })),
  });
