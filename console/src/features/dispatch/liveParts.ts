import type { QueryClient } from '@tanstack/react-query';
import { meQuery } from '../accounts/me';
import type { Channel, LiveParts } from './liveStore';
import { readLive } from './liveStream';
import { overviewQuery } from './overview';

/** The stream of a user in this browser. The user is part of the names, because another tab may still show another user's pages. */
export function liveParts(user: string, queries: QueryClient): LiveParts & { close: () => void } {
  const name = `followup-live ${user}`;
  const channel = new BroadcastChannel(name);
  return {
    read: readLive,
    lead: (run, signal) => lead(name, run, signal),
    channel: channel as Channel,
    showOverview: (overview) => queries.setQueryData(overviewQuery.queryKey, overview),
    // The response of this request leads to the sign-in page, like that of any other.
    signedOut: () => void queries.refetchQueries({ queryKey: meQuery.queryKey }),
    close: () => channel.close(),
  };
}

/** Runs while this tab holds the lock, which passes to another one when the tab leaves, is closed or crashes. */
async function lead(name: string, run: () => Promise<void>, signal: AbortSignal): Promise<void> {
  // Browsers have locks on https and on localhost only. Elsewhere each tab reads for itself.
  if (!('locks' in navigator)) {
    return run();
  }
  try {
    await navigator.locks.request(name, { signal }, run);
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}
