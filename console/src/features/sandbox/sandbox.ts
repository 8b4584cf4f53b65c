import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';

export const clockQuery = queryOptions({
  queryKey: ['sandbox', 'clock'],
  queryFn: ({ signal }) => answer(api.GET('/api/sandbox/clock', { signal })),
});

export const messagesQuery = infiniteQueryOptions({
  queryKey: ['sandbox', 'messages'],
  queryFn: ({ pageParam, signal }) =>
    answer(api.GET('/api/sandbox/messages', { params: { query: { limit: 100, cursor: pageParam } }, signal })),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.nextCursor ?? undefined,
});

/** Moves the clock to an instant or by a duration. One call is bounded, so it is repeated until the clock has arrived. */
export async function moveClock(asked: { advance: string } | { to: string }): Promise<number> {
  let steps = 0;
  let body: { advance?: string; to?: string } = asked;
  for (;;) {
    const move = await answer(api.POST('/api/sandbox/clock', { body }));
    steps += move.steps;
    if (move.done) {
      return steps;
    }
    body = { to: move.target };
  }
}
