import { Checkbox } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useVirtualizer, useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useRef } from 'react';
import type { Instance } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { sequenceNamesQuery } from '../sequences/sequences';
import { PeopleRow } from './PeopleRow';
import { useRowKeys } from './useRowKeys';
import type { Selection } from './useSelection';

interface Props {
  items: Instance[];
  /** Null for a reader who may not act. */
  selection: Selection | null;
  more: boolean;
  loadMore: () => void;
  sort?: 'nextDueAt';
}

const rowHeight = 46;
const cardHeight = 113;

/** The list. Only visible rows are in the page, so that 100,000 scroll as fast as 100. */
export function PeopleTable({ items, selection, more, loadMore, sort }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const phone = useMediaQuery('(max-width: 760px)', undefined, { getInitialValueInEffect: false }) ?? false;
  const { data: sequences } = useQuery(sequenceNamesQuery);
  const shared = { count: items.length, overscan: 12, getItemKey: (index: number) => items[index]?.id ?? index };
  const inBox = useVirtualizer({
    ...shared,
    enabled: !phone,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
  });
  const inWindow = useWindowVirtualizer({
    ...shared,
    enabled: phone,
    estimateSize: () => cardHeight,
    scrollMargin: box.current?.offsetTop ?? 0,
  });
  const rows = phone ? inWindow : inBox;
  const visible = rows.getVirtualItems();
  const at = useRowKeys(items, rows, selection);

  const last = visible.at(-1)?.index ?? 0;
  const loaded = items.length;
  const loadNearEnd = useEffectEvent((lastVisible: number, count: number) => {
    if (more && lastVisible >= count - 20) {
      loadMore();
    }
  });
  useEffect(() => loadNearEnd(last, loaded), [last, loaded]);

  const margin = phone ? (box.current?.offsetTop ?? 0) : 0;
  const above = (visible[0]?.start ?? margin) - margin;
  const below = rows.getTotalSize() - ((visible.at(-1)?.end ?? margin) - margin);
  const allPicked = selection !== null && items.length > 0 && items.every(({ id }) => selection.ids.has(id));
  return (
    <div className="tw" ref={box}>
      <table
        className={selection ? 't cards-on-phone people picks' : 't cards-on-phone people'}
        aria-rowcount={more ? -1 : items.length + 1}
      >
        <thead>
          <tr>
            {selection && (
              <th scope="col">
                <Checkbox
                  aria-label={t('people.select.all')}
                  disabled={selection.frozen}
                  checked={allPicked || selection.all}
                  indeterminate={!allPicked && !selection.all && selection.ids.size > 0}
                  onChange={() =>
                    allPicked || selection.all ? selection.clear() : selection.set(items.map(({ id }) => id))
                  }
                />
              </th>
            )}
            <th scope="col">{t('people.col.recipient')}</th>
            <th scope="col">{t('people.col.status')}</th>
            <th scope="col">{t('people.col.step')}</th>
            <th scope="col">{t('people.col.waiting')}</th>
            <th scope="col" aria-sort={sort ? 'ascending' : undefined}>
              {t('people.col.next')}
            </th>
            <th scope="col" className="n" aria-sort={sort ? undefined : 'descending'}>
              {t('people.col.enrolled')}
            </th>
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Gap height={above} />}
          {visible.map(({ index, key }) => {
            const instance = items[index];
            return (
              instance && (
                <PeopleRow
                  key={key}
                  measure={phone ? inWindow.measureElement : undefined}
                  index={index}
                  instance={instance}
                  steps={
                    sequences?.find(({ id, version }) => id === instance.sequenceId && version === instance.version)
                      ?.steps
                  }
                  selection={selection}
                  current={index === at}
                />
              )
            );
          })}
          {below > 0 && <Gap height={below} />}
        </tbody>
      </table>
      <div className="tail" />
    </div>
  );
}

/** Takes the place of rows that are not drawn. */
function Gap({ height }: { height: number }) {
  return (
    <tr className="gap">
      <td colSpan={7} style={{ height }} />
    </tr>
  );
}
