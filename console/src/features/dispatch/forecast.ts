import type { Forecast } from '../../api/schemas';
import { hourOf, isSameDay, type Zone } from '../../i18n/time';

const hour = 3_600_000;

export type Period = 'day' | 'week';

/** The scheduled steps of an hour, or of three. */
export interface Bar {
  at: Date;
  email: number;
  sms: number;
  wait: number;
}

/** The bars of a period, also the empty ones: 24 hours, or seven days in parts of three hours of the zone's day. */
export function barsOf(forecast: Forecast, period: Period, zone: Zone): Bar[] {
  const bars: Bar[] = [];
  for (const one of hoursOf(forecast, period === 'day' ? 24 : 168)) {
    const open = bars.at(-1);
    if (open && period === 'week' && isSamePart(open.at, one.at, zone)) {
      open.email += one.email;
      open.sms += one.sms;
      open.wait += one.wait;
    } else {
      bars.push(one);
    }
  }
  return bars;
}

/** The steps that are due on the zone's day of an instant. */
export function stepsOn(forecast: Forecast, day: Date, zone: Zone): number {
  return hoursOf(forecast, 168)
    .filter(({ at }) => isSameDay(at, day, zone))
    .reduce((sum, bar) => sum + stepsOf(bar), 0);
}

export const stepsOf = ({ email, sms, wait }: Bar) => email + sms + wait;

function hoursOf(forecast: Forecast, count: number): Bar[] {
  const scheduled = new Map(forecast.hours.map((one) => [Date.parse(one.hour), one]));
  const start = Date.parse(forecast.from);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * hour;
    const { email = 0, sms = 0, wait = 0 } = scheduled.get(at) ?? {};
    return { at: new Date(at), email, sms, wait };
  });
}

function isSamePart(a: Date, b: Date, zone: Zone): boolean {
  return isSameDay(a, b, zone) && Math.floor(hourOf(a, zone) / 3) === Math.floor(hourOf(b, zone) / 3);
}
