import { locale, t } from './messages';

/** The zone in which times are shown: an IANA name. */
export type Zone = string;

export const myZone: Zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const formats = new Map<string, Intl.DateTimeFormat>();

function format(name: string, zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${name} ${zone}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: 'h23', ...options });
    formats.set(key, made);
  }
  return made;
}

/** `09:30` */
export function time(instant: string | Date, zone: Zone): string {
  return format('time', zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(instant));
}

/** `09:30:01`, for what happens now */
export function timeToSecond(instant: string, zone: Zone): string {
  return format('second', zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(new Date(instant));
}

/** `09:30:01.463`, for attempts */
export function exactTime(instant: string, zone: Zone): string {
  return format('exact', zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  }).format(new Date(instant));
}

/** `Tue 18 May` this year, otherwise `18 May 2027` */
export function day(instant: string | Date, zone: Zone, now = new Date()): string {
  const date = new Date(instant);
  const thisYear = year(date, zone) === year(now, zone);
  const made = thisYear
    ? format('day', zone, { weekday: 'short', day: 'numeric', month: 'short' })
    : format('year', zone, { day: 'numeric', month: 'short', year: 'numeric' });
  // en-GB puts a comma after the weekday, which "Tue 18 May, 09:00" does not have.
  return locale === 'en-GB' ? made.format(date).replace(',', '') : made.format(date);
}

/** `Tue 18 May, 09:00`, or only the time for today */
export function moment(instant: string | Date, zone: Zone, now = new Date()): string {
  return isSameDay(instant, now, zone) ? time(instant, zone) : `${day(instant, zone, now)}, ${time(instant, zone)}`;
}

/** `Tue 18 May at 09:00`, inside a sentence */
export function inSentence(instant: string | Date, zone: Zone, now = new Date()): string {
  return t('time.at', { date: day(instant, zone, now), time: time(instant, zone) });
}

/** The hour of the day, from 0 to 23. */
export function hourOf(instant: string | Date, zone: Zone): number {
  return Number(format('hour', zone, { hour: '2-digit' }).format(new Date(instant)).replace(/\D/g, ''));
}

/** The date and time with the second and the zone, for tooltips. */
export function exact(instant: string | Date, zone: Zone): string {
  return format('full', zone, { dateStyle: 'full', timeStyle: 'long' }).format(new Date(instant));
}

export function isSameDay(a: string | Date, b: string | Date, zone: Zone): boolean {
  const date = format('date', zone, { year: 'numeric', month: '2-digit', day: '2-digit' });
  return date.format(new Date(a)) === date.format(new Date(b));
}

/** `2d 22h`, `188 ms` */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) {
    return `${Math.round(milliseconds)} ms`;
  }
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) {
    return t('duration.s', { s: Math.round(milliseconds / 1000) });
  }
  const parts: string[] = [];
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  if (d > 0) parts.push(t('duration.d', { d }));
  if (h > 0) parts.push(t('duration.h', { h }));
  if (m > 0 && d === 0) parts.push(t('duration.m', { m }));
  return parts.join(' ');
}

export function number(value: number): string {
  return value.toLocaleString(locale);
}

/** How numbers are written, so that a field takes `1,000` in English and `1.000` in German as a thousand. */
export const separators = {
  group: part('group'),
  decimal: part('decimal'),
};

function part(type: 'group' | 'decimal'): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(12_345.6);
  return parts.find((one) => one.type === type)?.value ?? '';
}

function year(date: Date, zone: Zone): string {
  return format('yearOnly', zone, { year: 'numeric' }).format(date);
}
