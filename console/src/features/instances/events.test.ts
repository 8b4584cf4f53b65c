import { describe, expect, it, vi } from 'vitest';

const fetched = vi.hoisted(() => {
  const mock = vi.fn<(request: Request) => Promise<Response>>();
  vi.stubGlobal('fetch', mock);
  return mock;
});

import { exportEvents } from './events';

describe('the events as CSV', () => {
  it('are those of the filter', async () => {
    fetched.mockResolvedValueOnce(new Response('id,type\n'));

    const csv = await exportEvents({ type: 'EMAIL', sequence: 's1' }, '2027-01-01T00:00:00Z');

    expect(await csv.text()).toBe('id,type\n');
    const [request] = fetched.mock.lastCall ?? [];
    expect(request?.headers.get('Accept')).toBe('text/csv');
    expect(Object.fromEntries(new URL(request?.url ?? '').searchParams)).toEqual({
      type: 'EMAIL',
      sequenceId: 's1',
      from: '2027-01-01T00:00:00Z',
    });
  });

  it('are not an error response', async () => {
    fetched.mockResolvedValueOnce(
      Response.json({ code: 'notReady' }, { status: 503, headers: { 'Content-Type': 'application/problem+json' } }),
    );

    await expect(exportEvents({})).rejects.toMatchObject({ status: 503, code: 'notReady' });
  });
});
