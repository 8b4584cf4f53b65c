import { describe, expect, it } from 'vitest';
import { day, duration, inSentence, moment } from './time';

const now = new Date('2026-05-12T08:42:00Z');
const berlin = 'Europe/Berlin';

describe('dates', () => {
  it('have the weekday in the current year and the year otherwise', () => {
    expect(day('2026-05-18T07:00:00Z', berlin, now)).toBe('Mon 18 May');
    expect(day('2027-05-18T07:00:00Z', berlin, now)).toBe('18 May 2027');
  });

  it('are only a time on the same day of the zone', () => {
    expect(moment('2026-05-12T07:30:00Z', berlin, now)).toBe('09:30');
    expect(moment('2026-05-12T22:30:00Z', berlin, now)).toBe('Wed 13 May, 00:30');
  });

  it('read as part of a sentence', () => {
    expect(inSentence('2026-05-18T07:00:00Z', berlin, now)).toBe('Mon 18 May at 09:00');
  });
});

describe('durations', () => {
  it.each([
    [188, '188 ms'],
    [59_000, '59 s'],
    [90 * 60_000, '1h 30 min'],
    [(2 * 24 + 22) * 3_600_000 + 48 * 60_000, '2d 22h'],
  ])('%i ms is %s', (milliseconds, text) => {
    expect(duration(milliseconds)).toBe(text);
  });
});
