import { describe, expect, it } from 'vitest';
import type { Limits } from '../../api/schemas';
import { changed, restored, seconds, shown } from './limits';

const limits: Limits = {
  timeZone: 'Europe/Berlin',
  mailsPerDay: 500,
  minGap: 'PT1M30S',
  ramp: null,
  perRecipientPerDay: null,
  today: { date: '2026-05-12', mails: 12, most: 500 },
};

describe('limits', () => {
  it('show a gap in seconds and nothing where there is no limit', () => {
    expect(shown(limits, 'minGap')).toBe('90');
    expect(shown(limits, 'perRecipientPerDay')).toBe('');
  });

  it('are unlimited when a field is emptied', () => {
    expect(changed(limits, 'mailsPerDay', ' ').mailsPerDay).toBeNull();
    expect(changed(limits, 'minGap', '').minGap).toBeNull();
  });

  it.each(['1,000', '1.5', '-3', '1e3', 'ten'])('are not changed by %s, which is no whole number', (text) => {
    expect(() => changed(limits, 'mailsPerDay', text)).toThrow(RangeError);
  });

  it('are restored by field, without the loss of what was saved meanwhile', () => {
    const now = { ...limits, ramp: null, mailsPerDay: 800 };
    const earlier = { ...limits, ramp: { start: 50, perDay: 10 } };

    expect(restored(now, 'rampStart', earlier)).toMatchObject({ ramp: { start: 50, perDay: 10 }, mailsPerDay: 800 });
  });

  it('keep the other fields', () => {
    expect(changed(limits, 'minGap', '30')).toEqual({
      timeZone: 'Europe/Berlin',
      mailsPerDay: 500,
      minGap: 'PT30S',
      ramp: null,
      perRecipientPerDay: null,
    });
  });

  it('start a warm-up with either of its fields', () => {
    expect(changed(limits, 'rampStart', '50').ramp).toEqual({ start: 50, perDay: 50 });
  });

  it.each([
    ['PT30S', 30],
    ['PT1H1M', 3660],
    ['P1D', 86_400],
  ])('read %s as %i seconds', (duration, expected) => {
    expect(seconds(duration)).toBe(expected);
  });
});
