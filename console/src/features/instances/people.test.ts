import { describe, expect, it } from 'vitest';
import { filterOf, peopleQuery } from './people';

describe('the filter of people', () => {
  it('holds the filters of the address only', () => {
    const address = { tz: 'utc', sort: 'nextDueAt' as const, status: 'ACTIVE' as const, sequence: 's1', q: ' anna ' };

    expect(JSON.parse(JSON.stringify(filterOf(address)))).toEqual({ sequenceId: 's1', status: 'ACTIVE', q: 'anna' });
  });

  it('is the same list in another time zone', () => {
    const search = { status: 'PAUSED' as const };

    expect(peopleQuery({ ...search, ...{ tz: 'utc' } }).queryKey).toEqual(peopleQuery(search).queryKey);
  });
});
