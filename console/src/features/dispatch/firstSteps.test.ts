import { describe, expect, it } from 'vitest';
import type { Overview, Sequence } from '../../api/schemas';
import { firstRunOf } from './firstSteps';

const sequence = (counts: Record<string, number>, createdAt = '2027-01-01T00:00:00Z', enabled = true) =>
  ({ id: createdAt, createdAt, enabled, instanceCounts: counts }) as unknown as Sequence;
const sent = (lastDay: number) => ({ sent: { lastMinute: 0, lastHour: 0, lastDay } }) as Overview;

describe('the first run', () => {
  it('begins without a sequence', () => {
    expect(firstRunOf([], sent(0))).toEqual({ sequence: null, on: false, enrolled: false });
  });

  it('goes on with the newest sequence', () => {
    const newest = sequence({ ACTIVE: 0 }, '2027-02-01T00:00:00Z', false);

    expect(firstRunOf([sequence({ ACTIVE: 0 }), newest], sent(0))).toEqual({
      sequence: newest,
      on: true,
      enrolled: false,
    });
  });

  it('knows that someone is enrolled', () => {
    expect(firstRunOf([sequence({ ACTIVE: 1 })], sent(0))?.enrolled).toBe(true);
  });

  it.each([
    ['something was sent', [sequence({ ACTIVE: 1 })], 1],
    ['someone has completed a sequence', [sequence({ COMPLETED: 1 })], 0],
    ['many people wait', [sequence({ ACTIVE: 26 })], 0],
  ])('is over when %s', (_, sequences, lastDay) => {
    expect(firstRunOf(sequences, sent(lastDay))).toBeNull();
  });
});
