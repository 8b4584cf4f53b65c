import { infiniteQueryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { InstanceActionInput } from '../../api/schemas';
import type { PeopleSearch } from '../../app/search';

const pageSize = 50;

/** The filter of the list and of an action on all that match it. By field, because the address also holds what is no filter, such as `tz`. */
export function filterOf(search: PeopleSearch): NonNullable<InstanceActionInput['filter']> {
  const { sequence, status, attention, stopReason, step, version, dueBefore, q } = search;
  return { sequenceId: sequence, status, attention, stopReason, step, version, dueBefore, q: q?.trim() || undefined };
}

export const peopleQuery = (search: PeopleSearch) =>
  infiniteQueryOptions({
    queryKey: ['people', filterOf(search), search.sort],
    queryFn: ({ pageParam, signal }) => {
      const { dueBefore, ...filter } = filterOf(search);
      const query = { ...withoutNulls(filter), dueBefore: dueBefore ?? undefined, sort: search.sort, limit: pageSize };
      return answer(api.GET('/api/instances', { params: { query: { ...query, cursor: pageParam } }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (old) => old,
    // Both would load every page again that the user has scrolled through.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

type WithoutNulls<T> = { [K in keyof T]: Exclude<T[K], null> };

/** A query string has no null. */
function withoutNulls<T extends object>(value: T): WithoutNulls<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) as WithoutNulls<T>;
}
