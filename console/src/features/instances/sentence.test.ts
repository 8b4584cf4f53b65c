import { describe, expect, it } from 'vitest';
import type { Step, Why } from '../../api/schemas';
import type { MessageKey } from '../../i18n/messages';
import { keyOf, whySentence } from './sentence';

const instance = {
  recipient: { email: 'anna@example.com', name: 'Anna Schmidt', phone: null, timeZone: 'Europe/Berlin' },
};
const steps: Step[] = [{ type: 'EMAIL' }, { type: 'WAIT', delayDays: 3 }, { type: 'SMS', message: 'Hi' }];

function why(reason: Why['waitingFor']['reason'], because: string | null, index = 0, type = 'EMAIL'): Why {
  const until = '2027-05-18T07:00:00Z';
  return {
    instanceId: '1',
    sequenceId: '2',
    version: 1,
    status: 'ACTIVE',
    asOf: '2027-05-12T08:42:00Z',
    timeZone: 'Europe/Berlin',
    steps: [],
    next: {
      index,
      id: null,
      type,
      wantedAt: until,
      dueAt: until,
      localTime: until,
      moved: [],
      attempts: 0,
      lastError: 'smtp 550',
      tries: [],
    },
    waitingFor: { reason, because, until: reason === 'person' ? null : until, node: 'node-a' },
    ended: reason === 'nothing' ? { type: 'stopped', reason: because, at: until } : null,
  };
}

/** The message of each reason of the API. */
const reasons: Record<Why['waitingFor']['reason'], [because: string | null, key: MessageKey][]> = {
  time: [
    ['delay', 'why.time.due'],
    ['at', 'why.time.at'],
    ['retry', 'why.time.retry'],
    ['deferred', 'why.time.deferred'],
    ['start', 'why.time.start'],
  ],
  window: [
    ['window', 'why.window.window'],
    ['weekend', 'why.window.weekend'],
    ['day', 'why.window.day'],
    ['holiday', 'why.window.holiday'],
    ['dst', 'why.window.dst'],
  ],
  cap: [
    ['cap', 'why.cap.cap'],
    ['gap', 'why.cap.gap'],
    ['recipientCap', 'why.cap.recipientCap'],
    ['rendering', 'why.cap.rendering'],
    ['ceiling', 'why.cap.ceiling'],
  ],
  breaker: [
    ['EMAIL', 'why.breaker'],
    ['SMS', 'why.breaker'],
  ],
  pace: [
    ['EMAIL', 'why.pace'],
    ['SMS', 'why.pace'],
  ],
  turn: [[null, 'why.turn']],
  lease: [[null, 'why.lease']],
  person: [
    ['failed', 'why.person.failed'],
    ['inDoubt', 'why.person.inDoubt'],
    ['late', 'why.person.late'],
    ['paused', 'why.person.paused'],
    ['sequenceDisabled', 'why.person.sequenceDisabled'],
    ['ownerBlocked', 'why.person.ownerBlocked'],
  ],
  nothing: [
    ['completed', 'why.nothing.completed'],
    ['manual', 'why.nothing.manual'],
    ['replied', 'why.nothing.replied'],
    ['unsubscribed', 'why.nothing.unsubscribed'],
    ['bounced', 'why.nothing.bounced'],
    ['complained', 'why.nothing.complained'],
    ['goal', 'why.nothing.goal'],
  ],
};
const all = Object.entries(reasons).flatMap(([reason, causes]) =>
  causes.map(([because, key]) => [reason as Why['waitingFor']['reason'], because, key] as const),
);

describe('the sentence of an instance', () => {
  it.each(all)('exists for %s because of %s', (reason, because) => {
    const text = whySentence({ why: why(reason, because), instance, steps, zone: 'Europe/Berlin' });

    expect(text).not.toContain('undefined');
    expect(text).toMatch(/\.$/);
  });

  it.each(all)('for %s because of %s is %s', (reason, because, key) => {
    expect(keyOf(why(reason, because), steps)).toBe(key);
  });

  it('names the end of a wait and what follows it', () => {
    const text = whySentence({ why: why('time', 'delay', 1, 'WAIT'), instance, steps, zone: 'Europe/Berlin' });

    expect(text).toBe('Waiting until 18 May 2027 at 09:00. The next step is an SMS.');
  });

  it('does not call a wait after a wait an email', () => {
    const waits: Step[] = [steps[1] as Step, { type: 'WAIT', delayDays: 1 }, { type: 'EMAIL' }];
    const text = whySentence({ why: why('time', 'delay', 0, 'WAIT'), instance, steps: waits, zone: 'Europe/Berlin' });

    expect(text).toBe('Waiting until 18 May 2027 at 09:00. The next step is another wait.');
  });

  it('says that the sequence is complete after a wait at its end', () => {
    const short = steps.slice(0, 2);

    expect(whySentence({ why: why('time', 'delay', 1, 'WAIT'), instance, steps: short, zone: 'Europe/Berlin' })).toBe(
      'Waiting until 18 May 2027 at 09:00. The sequence is then complete.',
    );
  });

  it('calls the recipient by first name', () => {
    const text = whySentence({ why: why('nothing', 'replied'), instance, steps, zone: 'Europe/Berlin' });

    expect(text).toBe('Anna replied on 18 May 2027 at 09:00. Nothing more is sent.');
  });
});
