import { Menu, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconArrowsSort, IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { attentions, type PeopleSearch, statuses, stopReasons } from '../../app/search';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';
import { Keys } from '../../ui/Keys';
import { sequenceNamesQuery } from '../sequences/sequences';

interface Props {
  search: PeopleSearch;
  within: boolean;
  change: (changed: Partial<PeopleSearch>) => void;
}

type Field = 'sequence' | 'status' | 'attention' | 'stopReason' | 'step' | 'version' | 'dueBefore';

/** The search field and the filters, each a chip that can be removed. They are part of the address. */
export function PeopleFilters({ search, within, change }: Props) {
  const { data: sequences = [] } = useQuery(sequenceNamesQuery);
  const [q, setQ] = useState(search.q ?? '');
  // The text that this field has put into the address. Any other came from "Clear the filter" or the browser's history.
  const asked = useRef(q);
  const find = useDebouncedCallback((text: string) => {
    asked.current = text;
    change({ q: text || undefined });
  }, 200);
  const inAddress = search.q ?? '';
  useEffect(() => {
    if (inAddress !== asked.current) {
      asked.current = inAddress;
      find.cancel();
      setQ(inAddress);
    }
  }, [inAddress, find]);
  const fields: Field[] = ['sequence', 'status', 'attention', 'stopReason', 'step', 'version', 'dueBefore'];
  const chips = fields.filter((field) => search[field] !== undefined && !(within && field === 'sequence'));

  const value = (field: Field): string => {
    const set = String(search[field]);
    switch (field) {
      case 'sequence':
        return sequences.find(({ id }) => id === set)?.name ?? set;
      case 'status':
        return t(`status.${search.status ?? 'ACTIVE'}`);
      case 'attention':
        return t(`people.attention.${search.attention ?? 'true'}`);
      case 'stopReason':
        return t(`stop.${search.stopReason ?? 'manual'}`);
      case 'step':
        return String(Number(set) + 1);
      default:
        return set;
    }
  };
  return (
    <div className="fl filters">
      <TextInput
        className="search"
        data-filter
        aria-label={t('people.search')}
        placeholder={t('people.search')}
        leftSection={<Icon of={IconSearch} />}
        rightSection={<Keys keys={['/']} />}
        value={q}
        onChange={(event) => {
          setQ(event.target.value);
          find(event.target.value);
        }}
      />
      {chips.map((field) => {
        const name = t(`people.filter.${field}`);
        return (
          <span key={field} className="chip">
            <b>{name}</b>
            <span>{value(field)}</span>
            <button
              type="button"
              aria-label={t('people.filter.remove', { name })}
              onClick={() => change({ [field]: undefined })}
            >
              <Icon of={IconX} size={12} />
            </button>
          </span>
        );
      })}
      <Menu shadow="md" position="bottom-start">
        <Menu.Target>
          <button type="button" className="btn small dashed">
            <Icon of={IconPlus} />
            <span>{t('people.filter.add')}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          <Menu.Label>{t('people.filter.status')}</Menu.Label>
          {statuses.map((status) => (
            <Menu.Item key={status} onClick={() => change({ status })}>
              {t(`status.${status}`)}
            </Menu.Item>
          ))}
          <Menu.Label>{t('people.filter.attention')}</Menu.Label>
          {attentions.map((attention) => (
            <Menu.Item key={attention} onClick={() => change({ attention })}>
              {t(`people.attention.${attention}`)}
            </Menu.Item>
          ))}
          <Menu.Label>{t('people.filter.stopReason')}</Menu.Label>
          {stopReasons.map((stopReason) => (
            <Menu.Item key={stopReason} onClick={() => change({ stopReason })}>
              {t(`stop.${stopReason}`)}
            </Menu.Item>
          ))}
          {!within && sequences.length > 0 && <Menu.Label>{t('people.filter.sequence')}</Menu.Label>}
          {!within &&
            sequences.map(({ id, name }) => (
              <Menu.Item key={id} onClick={() => change({ sequence: id })}>
                {name}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
      <span className="end not-phone">
        <button
          type="button"
          className="btn ghost small"
          onClick={() => change({ sort: search.sort ? undefined : 'nextDueAt' })}
        >
          <Icon of={IconArrowsSort} />
          <span className="sr">{t('people.sort')}:</span>
          <span>{t(search.sort ? 'people.sort.due' : 'people.sort.enrolled')}</span>
        </button>
      </span>
    </div>
  );
}
