import { describe, expect, it } from 'vitest';
import type { Overview } from '../../api/schemas';
import { homeSubtitle, homeTitle } from './sending';

const quiet: Overview = {
  at: '2027-05-12T08:42:00Z',
  attention: { failed: 0, inDoubt: 0, late: 0 },
  sent: { lastMinute: 0, lastHour: 0, lastDay: 0 },
  lag: { p50Ms: null, p99Ms: null },
  oldestDueSeconds: null,
  nextDueAt: null,
  breakers: [
    { channel: 'EMAIL', state: 'closed', cause: null, probeAt: null },
    { channel: 'SMS', state: 'closed', cause: null, probeAt: null },
  ],
};
const breaker = (state: 'open' | 'recovering'): Overview['breakers'] => [
  { channel: 'EMAIL', state, cause: 'HTTP 503', probeAt: null },
  { channel: 'SMS', state: 'closed', cause: null, probeAt: null },
];
const now = new Date('2027-05-12T08:42:00Z');

describe('the title of Home', () => {
  it.each<[string, Partial<Overview>]>([
    ['All sending normally. Nothing needs attention.', {}],
    ['All sending normally. 1 person needs attention.', { attention: { failed: 1, inDoubt: 0, late: 0 } }],
    ['All sending normally. 14 people need attention.', { attention: { failed: 7, inDoubt: 2, late: 5 } }],
    [
      'All sending normally. At least 10,000 people need attention.',
      { attention: { failed: 10_000, inDoubt: 0, late: 0 } },
    ],
    ['All sending normally. Nothing needs attention.', { oldestDueSeconds: 4 }],
    ['Sending is 2 min behind. Nothing needs attention.', { oldestDueSeconds: 125 }],
    ['Email is delayed: the provider does not respond. Nothing needs attention.', { breakers: breaker('open') }],
    ['Email is back. The backlog is being sent. Nothing needs attention.', { breakers: breaker('recovering') }],
  ])('says: %s', (title, changed) => {
    expect(homeTitle({ ...quiet, ...changed })).toBe(title);
  });
});

describe('the line below it', () => {
  it.each<[string, Partial<Overview>]>([
    ['Nothing was sent in the last 24 hours. Nothing is scheduled.', {}],
    [
      '1,204 messages sent in the last 24 hours. The next step is due at 10:45.',
      { sent: { lastMinute: 21, lastHour: 300, lastDay: 1204 }, nextDueAt: '2027-05-12T08:45:00Z' },
    ],
    [
      'Nothing was sent in the last 24 hours. The next step is due Fri 14 May at 09:00.',
      { nextDueAt: '2027-05-14T07:00:00Z' },
    ],
  ])('says: %s', (subtitle, changed) => {
    expect(homeSubtitle({ ...quiet, ...changed }, 'Europe/Berlin', now)).toBe(subtitle);
  });
});
