import * as z from 'zod/mini';
import { useMe } from './me';

/** What a page keeps of a user's unsaved work, such as a draft. */
export interface Kept {
  savedAt: string;
  value: unknown;
}

const prefix = 'followup-kept ';
const mostEntries = 20;
const longestMs = 30 * 24 * 60 * 60 * 1000;
const entry = z.object({ savedAt: z.iso.datetime(), value: z.unknown() });

// What this page keeps. Storage is its backup, which may be full, blocked, or changed by another page.
const memory = new Map<string, Kept>();

/** Whose work is kept: that of a user in an environment. */
export function useOwner(): string {
  return ownerOf(useMe());
}

export const ownerOf = ({ kind, id }: { kind: string; id: string }) => `${kind} ${id}`;

/** Keeps a value for its owner, so that leaving the page, an expired session or a crash loses nothing. */
export function keep(owner: string, name: string, value: unknown): void {
  const key = keyOf(owner, name);
  const kept = { savedAt: new Date().toISOString(), value };
  memory.set(key, kept);
  withStorage((storage) => {
    if (storage.getItem(key) === null) {
      makeRoom(storage);
    }
    storage.setItem(key, JSON.stringify(kept));
  });
}

/** What was kept last, at most 30 days ago: by this page, else by an earlier one. */
export function kept(owner: string, name: string): Kept | null {
  const key = keyOf(owner, name);
  return memory.get(key) ?? withStorage((storage) => read(storage, key)) ?? null;
}

export function forget(owner: string, name: string): void {
  forgetKey(keyOf(owner, name));
}

/** Forgets all that is kept for an owner, who signs out. */
export function forgetAll(owner: string): void {
  const start = keyOf(owner, '');
  const stored = withStorage((storage) => Object.keys(storage)) ?? [];
  for (const key of [...memory.keys(), ...stored].filter((each) => each.startsWith(start))) {
    forgetKey(key);
  }
}

const keyOf = (owner: string, name: string) => `${prefix}${owner} ${name}`;

function forgetKey(key: string): void {
  memory.delete(key);
  withStorage((storage) => storage.removeItem(key));
}

/** Removes what is too old or unreadable, and then the oldest until one more fits. */
function makeRoom(storage: Storage): void {
  const all = Object.keys(storage)
    .filter((key) => key.startsWith(prefix))
    .map((key) => ({ key, savedAt: read(storage, key)?.savedAt ?? '' }))
    .sort((a, b) => b.savedAt.localeCompare(a.savedAt));
  for (const { key } of all.filter(({ savedAt }, index) => savedAt === '' || index >= mostEntries - 1)) {
    storage.removeItem(key);
  }
}

/** An entry; null if it is missing, unreadable or too old. */
function read(storage: Storage, key: string): Kept | null {
  try {
    const stored = entry.parse(JSON.parse(storage.getItem(key) ?? ''));
    return Date.now() - Date.parse(stored.savedAt) < longestMs ? stored : null;
  } catch {
    return null;
  }
}

/** Storage throws when it is blocked or full. */
function withStorage<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(localStorage);
  } catch {
    return undefined;
  }
}
