import { describe, expect, it } from 'vitest';
import type { Step, Why } from '../../api/schemas';
import { de } from '../../i18n/de';
import { en } from '../../i18n/en';
import { whySentence } from './sentence';

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

const reasons: Record<Why['waitingFor']['reason'], (string | null)[]> = {
  time: ['delay', 'at', 'retry', 'deferred', 'start'],
  window: ['window', 'weekend', 'day', 'holiday', 'dst'],
  cap: ['cap', 'gap', 'recipientCap', 'rendering', 'ceiling'],
  breaker: ['EMAIL', 'SMS'],
  pace: ['EMAIL', 'SMS'],
  turn: [null],
  lease: [null],
  person: ['failed', 'inDoubt', 'late', 'paused', 'sequenceDisabled', 'ownerBlocked'],
  nothing: ['completed', 'manual', 'replied', 'unsubscribed', 'bounced', 'complained', 'goal'],
};
const all = Object.entries(reasons).flatMap(([reason, causes]) =>
  causes.map((because) => [reason as Why['waitingFor']['reason'], because] as const),
);

describe('the sentence of an instance', () => {
  it.each(all)('exists for %s because of %s', (reason, because) => {
    const text = whySentence({ why: why(reason, because), instance, steps, zone: 'Europe/Berlin' });

    expect(text).not.toContain('undefined');
    expect(text).toMatch(/\.$/);
  });

  it.each(all.filter(([reason]) => reason !== 'breaker' && reason !== 'pace'))(
    'has its own message in both languages for %s because of %s',
    (reason, because) => {
      const keys = [`why.${reason}.${because}`, `why.${reason}`, reason === 'time' ? 'why.time.due' : ''];

      expect(keys.some((key) => key in en && key in de)).toBe(true);
    },
  );

  it('names the end of a wait and what follows it', () => {
    const text = whySentence({ why: why('time', 'delay', 1, 'WAIT'), instance, steps, zone: 'Europe/Berlin' });

    expect(text).toBe('Waiting until 18 May 2027 at 09:00. The next step is an SMS.');
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
