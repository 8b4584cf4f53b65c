import { createParser } from 'eventsource-parser';
import { answer, api } from '../../api/client';
import type { FollowUpEvent, Overview } from '../../api/schemas';

/** A message of `GET /api/live`. */
export type LiveMessage =
  | { type: 'event'; id: string | null; items: FollowUpEvent[]; skipped: boolean }
  | { type: 'overview'; overview: Overview };

/**
 * Reads the stream until it ends. Throws an ApiError when it is refused. An EventSource would tell neither a refusal from an outage, nor continue after an
 * event once the server has refused it.
 */
export async function readLive(
  last: string | null,
  signal: AbortSignal,
  take: (message: LiveMessage) => void,
): Promise<void> {
  const stream: ReadableStream<Uint8Array> | null = await answer(
    api.GET('/api/live', {
      params: { header: { 'Last-Event-ID': last ?? undefined } },
      headers: { Accept: 'text/event-stream' },
      parseAs: 'stream',
      cache: 'no-store',
      signal,
    }),
  );
  const parser = createParser({
    onEvent: ({ event, id, data }) => {
      const content = JSON.parse(data);
      if (event === 'overview') {
        take({ type: 'overview', overview: content });
      } else if (event === 'event') {
        take({ type: 'event', id: id ?? null, items: content.items, skipped: content.skipped });
      }
    },
  });
  const reader = stream?.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) {
      return;
    }
    parser.feed(decoder.decode(part.value, { stream: true }));
  }
}
