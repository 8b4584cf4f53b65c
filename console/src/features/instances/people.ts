import { infiniteQueryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { InstanceActionInput } from '../../api/schemas';
import type { PeopleSearch } from '../../app/search';

const pageSize = 50;

/** The filter of the list and of an action on all that match it. */
export function filterOf({ sequence, sort: _, ...filter }: PeopleSearch): NonNullable<InstanceActionInput['filter']> {
  return { ...filter, q: filter.q?.trim() || undefined, sequenceId: sequence };
}

export const peopleQuery = (search: PeopleSearch) =>
  infiniteQueryOptions({
    queryKey: ['people', search],
    queryFn: ({ pageParam, signal }) => {
      const { dueBefore, ...filter } = filterOf(search);
      const query = { ...withoutNulls(filter), dueBefore: dueBefore ?? undefined, sort: search.sort, limit: pageSize };
      return answer(api.GET('/api/instances', { params: { query: { ...query, cursor: pageParam } }, signal }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: (old) => old,
  });

type WithoutNulls<T> = { [K in keyof T]: Exclude<T[K], null> };

/** A query string has no null. */
function withoutNulls<T extends object>(value: T): WithoutNulls<T> {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null)) as WithoutNulls<T>;
}
