import { useSyncExternalStore } from 'react';
import type { Overview, Sequence } from '../../api/schemas';

/** How far a new user has come. */
export interface FirstRun {
  /** The newest sequence; null before there is one. */
  sequence: Sequence | null;
  on: boolean;
  enrolled: boolean;
}

const mostTried = 25;

/** Null for a user who has sent something, or whose use is no first trial. */
export function firstRunOf(sequences: Sequence[], { sent }: Overview): FirstRun | null {
  const count = (...statuses: string[]) =>
    sequences.reduce((sum, { instanceCounts }) => sum + statuses.reduce((n, s) => n + (instanceCounts[s] ?? 0), 0), 0);
  const running = count('ACTIVE', 'PAUSED');
  if (sent.lastDay > 0 || count('COMPLETED', 'FAILED', 'STOPPED') > 0 || running > mostTried) {
    return null;
  }
  const sequence = sequences.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0] ?? null;
  return { sequence, on: sequences.some(({ enabled }) => enabled), enrolled: running > 0 };
}

const key = 'followup-first-run';
const listeners = new Set<() => void>();

function stored(): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function store(value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage, the card stays until the first message is sent.
  }
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What only this browser knows: whether the user has opened a preview, and has hidden the card. */
export function useFirstRun() {
  const value = useSyncExternalStore(subscribe, stored);
  return {
    hidden: value === 'hidden',
    previewed: value === 'previewed',
    hide: () => store('hidden'),
    preview: () => store('previewed'),
  };
}
