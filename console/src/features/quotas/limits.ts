import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { Limits } from '../../api/schemas';

export const limitsQuery = queryOptions({
  queryKey: ['limits'],
  queryFn: ({ signal }) => answer(api.GET('/api/limits', { signal })),
});

/** A limit as its field shows it. */
export type LimitField = 'mailsPerDay' | 'perRecipientPerDay' | 'minGap' | 'rampStart' | 'rampPerDay' | 'timeZone';

export const limitFields: LimitField[] = [
  'mailsPerDay',
  'perRecipientPerDay',
  'minGap',
  'rampStart',
  'rampPerDay',
  'timeZone',
];

export function shown(limits: Limits, field: LimitField): string {
  switch (field) {
    case 'minGap':
      return limits.minGap ? String(seconds(limits.minGap)) : '';
    case 'rampStart':
      return limits.ramp ? String(limits.ramp.start) : '';
    case 'rampPerDay':
      return limits.ramp ? String(limits.ramp.perDay) : '';
    case 'timeZone':
      return limits.timeZone;
    default:
      return limits[field] === null ? '' : String(limits[field]);
  }
}

/** What is sent; `today` is the server's. */
export type LimitsInput = Omit<Limits, 'today'>;

/** The limits with one field changed. Throws on a text that is no whole number, because a limit that is lost means unlimited. */
export function changed({ today: _, ...limits }: Limits, field: LimitField, text: string): LimitsInput {
  const value = text.trim();
  if (field !== 'timeZone' && !/^\d*$/.test(value)) {
    throw new RangeError(`The limit ${field} is not a whole number: ${value}`);
  }
  const count = value === '' ? null : Number(value);
  switch (field) {
    case 'timeZone':
      return { ...limits, timeZone: value };
    case 'minGap':
      return { ...limits, minGap: count === null ? null : `PT${count}S` };
    case 'rampStart':
      return {
        ...limits,
        ramp: count === null ? null : { ...limits.ramp, start: count, perDay: limits.ramp?.perDay ?? count },
      };
    case 'rampPerDay':
      return {
        ...limits,
        ramp: count === null ? null : { ...limits.ramp, start: limits.ramp?.start ?? count, perDay: count },
      };
    default:
      return { ...limits, [field]: count };
  }
}

/** The limits with the earlier value of one field, also when other fields were saved meanwhile. */
export function restored({ today: _, ...limits }: Limits, field: LimitField, earlier: Limits): LimitsInput {
  const part = field === 'rampStart' || field === 'rampPerDay' ? 'ramp' : field;
  return { ...limits, [part]: earlier[part] };
}

/** The seconds of an ISO 8601 duration of at most days, as the API writes a gap. */
export function seconds(duration: string): number {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(duration);
  const [d, h, m, s] = (match?.slice(1) ?? []).map((part) => Number(part ?? 0));
  return (d ?? 0) * 86_400 + (h ?? 0) * 3_600 + (m ?? 0) * 60 + (s ?? 0);
}
