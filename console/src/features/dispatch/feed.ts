import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { FollowUpEvent } from '../../api/schemas';

const shown = 8;
const most = 200;
const minutes = 15;

/**
 * The events before the stream began, oldest first. The API lists the log from its beginning only, so they are those of a period. A log that has more than
 * a page of them fills the feed from the stream within seconds.
 */
export const recentEventsQuery = queryOptions({
  queryKey: ['events', 'recent'],
  queryFn: async ({ signal }): Promise<FollowUpEvent[]> => {
    const from = new Date(Date.now() - minutes * 60_000).toISOString();
    const list = await answer(
      api.GET('/api/events', {
        params: { query: { from, limit: most } },
        headers: { Accept: 'application/json' },
        signal,
      }),
    );
    return typeof list === 'string' || list.nextCursor ? [] : list.items;
  },
  staleTime: 60_000,
});

/** The events of the feed, newest first: those of the stream, then those before it. */
export function newestOf(streamed: FollowUpEvent[], recent: FollowUpEvent[]): FollowUpEvent[] {
  const known = new Set(streamed.map(({ id }) => id));
  return [...streamed, ...recent.toReversed().filter(({ id }) => !known.has(id))].slice(0, shown);
}
