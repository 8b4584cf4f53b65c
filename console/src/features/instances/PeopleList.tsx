import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Sequence } from '../../api/schemas';
import type { PeopleSearch } from '../../app/search';
import { t } from '../../i18n/messages';
import { number } from '../../i18n/time';
import { Bones } from '../../ui/Bones';
import { Empty } from '../../ui/Empty';
import { ErrorNote } from '../../ui/ErrorNote';
import { useCanWrite } from '../accounts/me';
import { BulkBar } from './BulkBar';
import { PeopleFilters } from './PeopleFilters';
import { PeopleTable } from './PeopleTable';
import { PeopleViews } from './PeopleViews';
import { filterOf, peopleQuery } from './people';
import { type Selection, useSelection } from './useSelection';

interface Props {
  search: PeopleSearch;
  /** The sequence whose people these are; absent for all. */
  within?: Sequence;
}

export function PeopleList({ search, within }: Props) {
  const navigate = useNavigate();
  const canWrite = useCanWrite();
  const people = useInfiniteQuery(peopleQuery(search));
  const items = people.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = filterOf(search);
  const selection: Selection = useSelection(JSON.stringify(filter), people.isPlaceholderData);
  const [announced, setAnnounced] = useState('');
  const { sequenceId, ...others } = filter;
  const filtered = Object.values(within ? others : filter).some((value) => value !== undefined);
  const change = (changed: Partial<PeopleSearch>) =>
    navigate({ to: '.', search: (old: object) => ({ ...old, ...changed }), replace: 'q' in changed });

  return (
    <>
      <div className="top">
        <div className="answer">
          <div>
            <h1>{title(items.length, people.hasNextPage, within)}</h1>
          </div>
        </div>
        <PeopleViews />
      </div>
      <PeopleFilters search={search} within={within !== undefined} change={change} />
      {people.error && items.length === 0 && (
        <div className="fl">
          <ErrorNote error={people.error} retry={people.refetch} />
        </div>
      )}
      {people.isPending && !people.error && (
        <div className="fl">
          <Bones rows={8} />
        </div>
      )}
      {people.data && items.length === 0 && (
        <Empty
          action={
            filtered && (
              <Button onClick={() => navigate({ to: '.', search: ({ tz }) => ({ tz }) })}>{t('people.clear')}</Button>
            )
          }
        >
          {t(filtered ? 'people.none' : 'people.empty')}
        </Empty>
      )}
      {items.length > 0 && (
        <PeopleTable
          items={items}
          selection={canWrite ? selection : null}
          more={people.hasNextPage}
          loadMore={() => people.isFetchingNextPage || people.fetchNextPage()}
          sort={search.sort}
        />
      )}
      {people.isFetchNextPageError && (
        <div className="fl">
          <ErrorNote error={people.error} retry={people.fetchNextPage} />
        </div>
      )}
      {canWrite && (selection.ids.size > 0 || selection.all) && (
        <BulkBar search={search} selection={selection} announce={setAnnounced} />
      )}
      <div className="sr" role="status">
        {announced}
      </div>
    </>
  );
}

function title(loaded: number, more: boolean, within?: Sequence): string {
  const values = { n: more ? number(loaded) : loaded };
  if (within) {
    const named = { ...values, name: within.name };
    return more ? t('people.title.in.more', named) : t('people.title.in', named);
  }
  return more ? t('people.title.more', values) : t('people.title.all', values);
}
