import { describe, expect, it, vi } from 'vitest';

const fetched = vi.hoisted(() => {
  const mock = vi.fn<(request: Request) => Promise<Response>>();
  vi.stubGlobal('fetch', mock);
  return mock;
});

import { type LiveMessage, readLive } from './liveStream';

const never = new AbortController().signal;

describe('the live stream', () => {
  it('is read message by message, also when a message arrives in parts', async () => {
    const body = new ReadableStream({
      start(stream) {
        const bytes = new TextEncoder().encode(
          'event: overview\ndata: {"sent":{"lastMinute":3}}\n\nevent: event\nid: e2\ndata: {"items":[{"id":"e2","content":{"subject":"Größe"}}],"skipped":true}\n\n',
        );
        for (const byte of bytes) {
          stream.enqueue(Uint8Array.of(byte));
        }
        stream.close();
      },
    });
    fetched.mockResolvedValueOnce(new Response(body, { headers: { 'Content-Type': 'text/event-stream' } }));
    const taken: LiveMessage[] = [];

    await readLive('e1', never, (message) => taken.push(message));

    expect(fetched.mock.lastCall?.[0].headers.get('Last-Event-ID')).toBe('e1');
    expect(taken).toEqual([
      { type: 'overview', overview: { sent: { lastMinute: 3 } } },
      { type: 'event', id: 'e2', items: [{ id: 'e2', content: { subject: 'Größe' } }], skipped: true },
    ]);
  });

  it('is refused with the status and the delay', async () => {
    fetched.mockResolvedValueOnce(
      Response.json({ code: 'tooManyStreams' }, { status: 429, headers: { 'Retry-After': '5' } }),
    );

    await expect(readLive(null, never, () => {})).rejects.toMatchObject({ status: 429, retryAfter: 5 });
    expect(fetched.mock.lastCall?.[0].headers.has('Last-Event-ID')).toBe(false);
  });
});
