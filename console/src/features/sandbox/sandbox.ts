import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { signInWithKey } from '../accounts/session';

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

// A move of the clock; one call executes a bounded number of steps.
const mostCalls = 1_000;

/** Moves the clock to an instant or by a duration. Repeats the call until the clock arrives, or until a call changes nothing. */
export async function moveClock(
  asked: { advance: string } | { to: string },
): Promise<{ steps: number; arrived: boolean }> {
  let steps = 0;
  let now: string | null = null;
  let body: { advance?: string; to?: string } = asked;
  for (let call = 0; call < mostCalls; call++) {
    const move = await answer(api.POST('/api/sandbox/clock', { body }));
    steps += move.steps;
    if (move.done) {
      return { steps, arrived: true };
    }
    // Many steps may be due at one instant, so a clock that executes steps is not stuck.
    if (move.now === now && move.steps === 0) {
      break;
    }
    now = move.now;
    body = { to: move.target };
  }
  return { steps, arrived: false };
}

// The longest life of a session: 7 days.
const sessionLife = 7 * 86_400_000;

/** Signs this browser in with a new sandbox key. Only this session uses the key, so it expires with the session and leaves room for others. */
export async function openSandbox(name: string): Promise<void> {
  const expiresAt = new Date(Date.now() + sessionLife).toISOString();
  const { id, key } = await answer(api.POST('/api/keys', { body: { name, kind: 'sandbox', expiresAt } }));
  try {
    await signInWithKey(key ?? '');
  } catch (error) {
    await answer(api.DELETE('/api/keys/{id}', { params: { path: { id } } }));
    throw error;
  }
}
