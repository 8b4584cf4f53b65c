import * as z from 'zod/mini';
import { forget, keep, kept } from '../accounts/kept';
import type { Draft } from './draft';

/** The state of a sequence that a draft began from. Publishing requires that it is still the current one. */
export interface Base {
  /** 0 for a new sequence. */
  version: number;
  etag: string | null;
}

export interface OpenDraft {
  draft: Draft;
  base: Base;
}

const text = z.optional(z.nullable(z.string()));
const common = { key: z.string(), id: text };
// Fields that this console does not know are kept, because publishing replaces the steps.
const step = z.discriminatedUnion('type', [
  z.looseObject({
    ...common,
    type: z.literal('EMAIL'),
    subject: text,
    body: text,
    thread: z.optional(z.nullable(z.boolean())),
    variants: z.optional(
      z.nullable(z.array(z.looseObject({ name: z.string(), weight: z.number(), subject: text, body: text }))),
    ),
    at: text,
  }),
  z.looseObject({ ...common, type: z.literal('SMS'), message: z.string(), at: text }),
  z.looseObject({
    ...common,
    type: z.literal('WAIT'),
    delayDays: z.optional(z.number()),
    delayBusinessDays: z.optional(z.number()),
    delay: z.optional(z.string()),
  }),
]);
const openDraft = z.object({
  draft: z.object({ name: z.string(), description: z.string(), steps: z.array(step) }),
  base: z.object({ version: z.number(), etag: z.nullable(z.string()) }),
});

const nameOf = (sequence: string) => `draft ${sequence}`;

export const keepDraft = (owner: string, sequence: string, open: OpenDraft) => keep(owner, nameOf(sequence), open);

export const dropDraft = (owner: string, sequence: string) => forget(owner, nameOf(sequence));

/** The draft of a sequence that was kept, by this page or in this browser. One that an older console kept in another form is no draft. */
export function readDraft(owner: string, sequence: string): (OpenDraft & { savedAt: string }) | null {
  const found = kept(owner, nameOf(sequence));
  const parsed = found && openDraft.safeParse(found.value).data;
  return found && parsed ? { ...parsed, savedAt: found.savedAt } : null;
}
