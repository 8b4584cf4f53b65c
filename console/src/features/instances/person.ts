import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { FollowUpEvent } from '../../api/schemas';

export const instanceQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id, 'instance'],
    queryFn: ({ signal }) => answer(api.GET('/api/instances/{id}', { params: { path: { id } }, signal })),
    refetchInterval: 10_000,
  });

export const whyQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id, 'why'],
    queryFn: ({ signal }) => answer(api.GET('/api/instances/{id}/why', { params: { path: { id } }, signal })),
    refetchInterval: 10_000,
  });

// 1,000 events; a longer timeline shows its beginning.
const mostPages = 5;

export const timelineQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id, 'events'],
    queryFn: async ({ signal }) => {
      const all: FollowUpEvent[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page++) {
        const query = { limit: 200, cursor };
        const list = await answer(api.GET('/api/instances/{id}/events', { params: { path: { id }, query }, signal }));
        all.push(...list.items);
        if (!list.nextCursor) {
          break;
        }
        cursor = list.nextCursor;
      }
      return all;
    },
    refetchInterval: 10_000,
  });

export const versionQuery = (sequence: string, version: number) =>
  queryOptions({
    queryKey: ['sequence', sequence, 'version', version],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/sequences/{id}/versions/{version}', { params: { path: { id: sequence, version } }, signal }),
      ),
    // A published version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const checkQuery = (id: string) =>
  queryOptions({
    queryKey: ['person', id, 'verify'],
    queryFn: ({ signal }) => answer(api.GET('/api/instances/{id}/verify', { params: { path: { id } }, signal })),
    enabled: false,
  });

/** A field of an event's content, which holds texts. */
export function detail(event: FollowUpEvent, name: string): string | null {
  const value = (event.content as Record<string, unknown>)[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
