import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../api/problem';
import type { FollowUpEvent, Overview } from '../../api/schemas';
import { type Channel, LiveStore } from './liveStore';
import type { LiveMessage } from './liveStream';

/** A connection that the test writes to and ends. */
interface Connection {
  last: string | null;
  signal: AbortSignal;
  send: (message: LiveMessage) => void;
  end: (error?: unknown) => void;
}

const event = (id: string) => ({ id, type: 'EMAIL', status: 'sent' }) as FollowUpEvent;
const events = (...ids: string[]): LiveMessage => ({
  type: 'event',
  id: ids.at(-1) ?? null,
  items: ids.map(event),
  skipped: false,
});
const overview: LiveMessage = { type: 'overview', overview: { sent: { lastMinute: 7 } } as Overview };

/** A browser with a lock and a channel, and the connections that its tabs open. */
function browser() {
  const connections: Connection[] = [];
  const channels: Channel[] = [];
  let held: Promise<void> = Promise.resolve();
  const tab = () => {
    const channel: Channel = {
      postMessage: (data) => {
        for (const other of channels.filter((one) => one !== channel)) {
          other.onmessage?.({ data: structuredClone(data) } as MessageEvent);
        }
      },
      onmessage: null,
    };
    channels.push(channel);
    const shown: Overview[] = [];
    const signedOut = vi.fn();
    const store = new LiveStore({
      read: (last, signal, take) =>
        new Promise((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
          connections.push({ last, signal, send: take, end: (error) => (error ? reject(error) : resolve()) });
        }),
      lead: (run, signal) => {
        held = held.then(() => (signal.aborted ? undefined : run()));
        return held;
      },
      channel,
      showOverview: (one) => shown.push(one),
      signedOut,
    });
    return { store, shown, signedOut };
  };
  return { tab, connections, newest: () => connections.at(-1) as Connection };
}

const ids = (store: LiveStore) => store.get().events.map(({ id }) => id);
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the live store', () => {
  it('shows the newest events first and hands on the overview', async () => {
    const { tab, newest } = browser();
    const { store, shown } = tab();
    store.join();
    await settle();

    newest().send(events('a', 'b'));
    newest().send(overview);

    expect(ids(store)).toEqual(['b', 'a']);
    expect(store.get().status).toBe('live');
    expect(shown).toEqual([{ sent: { lastMinute: 7 } }]);
  });

  it('reconnects after the last event, later each time', async () => {
    const { tab, connections, newest } = browser();
    const { store } = tab();
    store.join();
    await settle();
    newest().send(events('a', 'b'));

    newest().end(new ApiError(503, null, null));
    await settle();
    expect(store.get().status).toBe('offline');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(newest().last).toBe('b');
    newest().end(new ApiError(503, null, null));
    await vi.advanceTimersByTimeAsync(1_999);
    expect(connections).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1);

    expect(connections).toHaveLength(3);
    expect(newest().last).toBe('b');
  });

  it('waits as long as the server asks for', async () => {
    const { tab, connections, newest } = browser();
    tab().store.join();
    await settle();

    newest().end(new ApiError(429, null, 5));
    await vi.advanceTimersByTimeAsync(4_999);
    expect(connections).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);

    expect(connections).toHaveLength(2);
  });

  it('reconnects at once when the network is back', async () => {
    const { tab, connections, newest } = browser();
    tab().store.join();
    await settle();
    newest().end(new ApiError(0, null, null));
    await settle();

    window.dispatchEvent(new Event('online'));
    await settle();

    expect(connections).toHaveLength(2);
  });

  it('gives up a connection that has gone silent', async () => {
    const { tab, connections, newest } = browser();
    tab().store.join();
    await settle();
    newest().send(overview);

    await vi.advanceTimersByTimeAsync(15_000);
    expect(connections[0]?.signal.aborted).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(connections).toHaveLength(2);
  });

  it('says when the session is over', async () => {
    const { tab, newest } = browser();
    const { store, signedOut } = tab();
    store.join();
    await settle();

    newest().end(new ApiError(401, null, null));
    await settle();

    expect(signedOut).toHaveBeenCalledOnce();
  });

  it('drops the events before a gap', async () => {
    const { tab, newest } = browser();
    const { store } = tab();
    store.join();
    await settle();
    newest().send(events('a'));

    newest().send({ type: 'event', id: 'x', items: [event('x')], skipped: true });

    expect(ids(store)).toEqual(['x']);
  });

  it('keeps what is shown while it is paused, and counts what arrives', async () => {
    const { tab, newest } = browser();
    const { store, shown } = tab();
    store.join();
    await settle();
    newest().send(events('a'));

    store.pause();
    newest().send(events('b', 'c'));
    newest().send(overview);
    expect(ids(store)).toEqual(['a']);
    expect(store.get()).toMatchObject({ status: 'paused', waiting: 2 });
    expect(shown).toEqual([]);
    store.resume();

    expect(ids(store)).toEqual(['c', 'b', 'a']);
    expect(store.get()).toMatchObject({ status: 'live', waiting: 0 });
    expect(shown).toHaveLength(1);
  });
});

describe('the tabs of a browser', () => {
  it('share one connection', async () => {
    const { tab, connections, newest } = browser();
    const [first, second] = [tab(), tab()];
    first.store.join();
    await settle();
    newest().send(events('a'));
    second.store.join();
    await settle();
    expect(ids(second.store)).toEqual(['a']);

    newest().send(events('b'));
    newest().send(overview);

    expect(connections).toHaveLength(1);
    expect(ids(second.store)).toEqual(['b', 'a']);
    expect(second.shown).toHaveLength(1);
  });

  it('continue where the tab that left stopped reading', async () => {
    const { tab, connections, newest } = browser();
    const [first, second] = [tab(), tab()];
    first.store.join();
    second.store.join();
    await settle();
    newest().send(events('a'));

    first.store.leave();
    await settle();

    expect(connections[0]?.signal.aborted).toBe(true);
    expect(newest().last).toBe('a');
    expect(first.store.get().status).toBe('away');
  });

  it('continue after their own last event when they return', async () => {
    const { tab, newest } = browser();
    const { store } = tab();
    store.join();
    await settle();
    newest().send(events('a'));
    store.leave();
    await settle();

    store.join();
    await settle();

    expect(newest().last).toBe('a');
    expect(ids(store)).toEqual(['a']);
  });
});
