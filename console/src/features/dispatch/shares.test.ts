import { expect, it } from 'vitest';
import type { SequenceStats } from '../../api/schemas';
import { sharesOf } from './shares';

const step = (version: number, index: number, type: string, reached: number) => ({ version, index, type, reached });
const stats = (...steps: ReturnType<typeof step>[]) => ({ steps }) as unknown as SequenceStats;

it('compares the messages of the version with the one that most people have reached', () => {
  const shares = sharesOf(
    stats(step(1, 0, 'EMAIL', 900), step(2, 0, 'EMAIL', 40), step(2, 1, 'WAIT', 40), step(2, 2, 'SMS', 30)),
    2,
  );

  expect(shares).toEqual([
    { index: 0, share: 100 },
    { index: 2, share: 75 },
  ]);
});

it('has no shares before anyone has reached a message', () => {
  expect(sharesOf(stats(step(1, 0, 'EMAIL', 0)), 1)).toEqual([]);
});
