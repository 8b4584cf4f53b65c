import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import { useMe } from '../accounts/me';
import { liveParts } from './liveParts';
import { type Live, LiveStore } from './liveStore';
import { followWhileUsed } from './presence';

const LiveContext = createContext<LiveStore | null>(null);
const none: Live = { status: 'away', since: 0, events: [], waiting: 0 };
const neverChanges = () => () => {};

/** Follows the user's events while the console is used. A sandbox has no stream: its clock moves only when the user moves it. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { id, kind } = useMe();
  const queries = useQueryClient();
  const [store, setStore] = useState<LiveStore | null>(null);
  useEffect(() => {
    if (kind === 'sandbox') {
      return;
    }
    const parts = liveParts(id, queries);
    const made = new LiveStore(parts);
    const end = followWhileUsed(made);
    setStore(made);
    return () => {
      end();
      parts.close();
      setStore(null);
    };
  }, [id, kind, queries]);
  return <LiveContext value={store}>{children}</LiveContext>;
}

/** The stream; null in a sandbox. */
export function useLiveStore(): LiveStore | null {
  return useContext(LiveContext);
}

export function useLive(): Live {
  const store = useLiveStore();
  return useSyncExternalStore(store?.subscribe ?? neverChanges, store?.get ?? (() => none));
}
