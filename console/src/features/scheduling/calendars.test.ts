import { describe, expect, it } from 'vitest';
import { toggled, weeks } from './calendars';

describe('the weeks of a month', () => {
  it('begin on Monday and have no days of other months', () => {
    // May 2026 begins on a Friday and has 31 days.
    const may = weeks(2026, 4);

    expect(may[0]).toEqual([null, null, null, null, '2026-05-01', '2026-05-02', '2026-05-03']);
    expect(may.at(-1)?.filter(Boolean).at(-1)).toBe('2026-05-31');
  });

  it('know leap years', () => {
    expect(weeks(2028, 1).flat().filter(Boolean)).toHaveLength(29);
  });
});

describe('a day of a calendar', () => {
  const days = [{ date: '2026-05-01', name: 'Tag der Arbeit' }];

  it('is added in order and keeps the names of the others', () => {
    expect(toggled(days, '2026-04-03')).toEqual([{ date: '2026-04-03', name: null }, ...days]);
  });

  it('is taken out when it was there', () => {
    expect(toggled(days, '2026-05-01')).toEqual([]);
  });
});
