import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { FollowUpEvent } from '../../api/schemas';

/** The types that the log's filter accepts and that this release writes. */
export const eventTypes = [
  'EMAIL',
  'SMS',
  'WAIT',
  'enrolled',
  'paused',
  'resumed',
  'stopped',
  'retried',
  'completed',
  'inDoubt',
  'resolved',
  'migrated',
];

const pageSize = 200;
const mostPages = 5;

export const periods = ['hour', 'day', 'week', 'month'] as const;

export type Period = (typeof periods)[number];

const hours: Record<Period, number> = { hour: 1, day: 24, week: 168, month: 744 };

interface Filter {
  type?: string;
  sequence?: string;
  period: Period;
}

interface Events {
  from: string;
  /** In the order of the log: oldest first. */
  items: FollowUpEvent[];
  /** Whether the period has more events than are shown, so that the newest are missing. */
  more: boolean;
}

/** The events of a period. The API lists the log from its beginning only, so a period is read whole, up to 1,000 events. */
export const eventsQuery = ({ type, sequence, period }: Filter) =>
  queryOptions({
    queryKey: ['events', type, sequence, period],
    queryFn: async ({ signal }): Promise<Events> => {
      const from = new Date(Date.now() - hours[period] * 3_600_000).toISOString();
      const items: FollowUpEvent[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page++) {
        const query = { type, sequenceId: sequence, from, limit: pageSize, cursor };
        const list = await answer(
          api.GET('/api/events', { params: { query }, headers: { Accept: 'application/json' }, signal }),
        );
        if (typeof list === 'string') {
          throw new Error('The log was not answered as JSON.');
        }
        items.push(...list.items);
        if (!list.nextCursor) {
          return { from, items, more: false };
        }
        cursor = list.nextCursor;
      }
      return { from, items, more: true };
    },
    refetchInterval: 10_000,
  });

/** The events of a filter as CSV, which a link cannot ask for: it sends no Accept header. */
export function exportEvents({ type, sequence }: Omit<Filter, 'period'>, from?: string): Promise<Blob> {
  const query = { type, sequenceId: sequence, from };
  return answer(api.GET('/api/events', { params: { query }, headers: { Accept: 'text/csv' }, parseAs: 'blob' }));
}
