import { describe, expect, it } from 'vitest';
import type { Finding, Node } from '../../api/schemas';
import { bytes, isOnline, queueRows, systemTitle } from './system';

const finding = (severity: Finding['severity']): Finding => ({
  code: 'stepsLate',
  severity,
  message: 'The oldest due step has waited for 90 s.',
  fix: 'Start more workers.',
});

describe('the title of System', () => {
  it.each<[string, Finding[]]>([
    ['The engine is healthy.', []],
    ['The engine is healthy. 1 note below.', [finding('info')]],
    ['The engine is running. 2 findings need a look.', [finding('warning'), finding('warning'), finding('info')]],
    ['Sending is affected. 1 finding needs action now.', [finding('critical'), finding('warning')]],
  ])('says: %s', (title, findings) => {
    expect(systemTitle({ findings })).toBe(title);
  });
});

describe('the figures of System', () => {
  it('take a node as missing by the clock of the server', () => {
    const at = '2027-05-12T08:00:31Z';

    expect(isOnline({ seenAt: '2027-05-12T08:00:01Z' } as Node, { at })).toBe(true);
    expect(isOnline({ seenAt: '2027-05-12T08:00:00Z' } as Node, { at })).toBe(false);
  });

  it('sum the queue by state', () => {
    const rows = queueRows({
      queue: [
        { channel: 'EMAIL', state: 'due', count: 3 },
        { channel: 'WAIT', state: 'due', count: 2 },
      ],
    });

    expect(rows.find(({ state }) => state === 'due')).toEqual({ state: 'due', email: 3, sms: 0, wait: 2, total: 5 });
    expect(rows.find(({ state }) => state === 'leased')?.total).toBe(0);
  });

  it.each([
    ['0 byte', 0],
    ['18.4 GB', 18_400_000_000],
    ['2,000 TB', 2e15],
  ])('write sizes as %s', (text, count) => {
    expect(bytes(count)).toBe(text);
  });
});
