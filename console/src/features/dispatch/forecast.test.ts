import { describe, expect, it } from 'vitest';
import type { Forecast } from '../../api/schemas';
import { barsOf, stepsOf, stepsOn } from './forecast';

const forecast: Forecast = {
  at: '2027-05-12T20:10:00Z',
  from: '2027-05-12T20:00:00Z',
  to: '2027-05-19T20:00:00Z',
  completeUntil: null,
  hours: [
    { hour: '2027-05-12T20:00:00Z', email: 3, sms: 1, wait: 0 },
    { hour: '2027-05-12T22:00:00Z', email: 0, sms: 0, wait: 5 },
    { hour: '2027-05-13T07:00:00Z', email: 10, sms: 0, wait: 0 },
  ],
};

describe('the forecast', () => {
  it('of a day has each of its hours', () => {
    const bars = barsOf(forecast, 'day', 'UTC');

    expect(bars).toHaveLength(24);
    expect(bars.slice(0, 4).map(stepsOf)).toEqual([4, 0, 5, 0]);
  });

  it('of a week has parts of three hours of the zone', () => {
    // 22:00 to 24:00 in Berlin, then 00:00 to 03:00.
    const bars = barsOf(forecast, 'week', 'Europe/Berlin');

    expect(bars.slice(0, 2).map(stepsOf)).toEqual([4, 5]);
    expect(bars[1]?.at).toEqual(new Date('2027-05-12T22:00:00Z'));
    expect(bars.reduce((sum, bar) => sum + stepsOf(bar), 0)).toBe(19);
  });

  it('counts the days of the zone', () => {
    const now = new Date(forecast.at);

    expect(stepsOn(forecast, now, 'UTC')).toBe(9);
    expect(stepsOn(forecast, now, 'Europe/Berlin')).toBe(4);
  });
});
