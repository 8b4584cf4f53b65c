import type { SequenceStats } from '../../api/schemas';

/** The messages of a version with the percentage of its people who reached them. Empty while no one has reached the first. */
export function sharesOf({ steps }: SequenceStats, version: number): { index: number; share: number }[] {
  const messages = steps.filter((step) => step.version === version && step.type !== 'WAIT');
  // A migration can bring more people to a later step than have reached the first one.
  const most = Math.max(0, ...messages.map(({ reached }) => reached));
  return most === 0 ? [] : messages.map(({ index, reached }) => ({ index, share: Math.round((100 * reached) / most) }));
}
