import { Modal } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useId, useState } from 'react';
import { answer, api } from '../api/client';
import { sequenceNamesQuery } from '../features/sequences/sequences';
import { t } from '../i18n/messages';
import { type Hit, PaletteHit } from './PaletteHit';
import { usePages } from './pages';

const most = 6;

/** ⌘K: finds pages, sequences by name and people by the start of their name or address. */
export default function Palette({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const pages = usePages();
  const list = useId();
  const [q, setQ] = useState('');
  const [at, setAt] = useState(0);
  const [asked] = useDebouncedValue(q.trim(), 120);
  const people = useQuery({
    queryKey: ['palette', asked],
    queryFn: ({ signal }) =>
      answer(api.GET('/api/instances', { params: { query: { q: asked, limit: most } }, signal })),
    enabled: asked.length > 0,
    placeholderData: (old) => old,
  });
  const sequences = useQuery(sequenceNamesQuery);
  const word = q.trim().toLowerCase();

  const hits: Hit[] = [
    ...pages
      .filter(({ label }) => t(label).toLowerCase().includes(word))
      .map(
        ({ to, label, icon }): Hit => ({ id: to, group: 'pages', label: t(label), icon, open: () => navigate({ to }) }),
      ),
    ...(word ? (sequences.data ?? []) : [])
      .filter(({ name }) => name.toLowerCase().includes(word))
      .slice(0, most)
      .map(
        ({ id, name }): Hit => ({
          id,
          group: 'sequences',
          label: name,
          open: () => navigate({ to: '/sequences/$id/people', params: { id } }),
        }),
      ),
    ...(word ? (people.data?.items ?? []) : []).map(
      ({ id, recipient }): Hit => ({
        id,
        group: 'people',
        label: recipient.name ?? recipient.email,
        detail: recipient.name ? recipient.email : undefined,
        open: () => navigate({ to: '/instances/$id', params: { id } }),
      }),
    ),
  ];
  const chosen = Math.min(at, hits.length - 1);

  const open = (hit: Hit | undefined) => {
    if (hit) {
      close();
      void hit.open();
    }
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && hits.length > 0) {
      event.preventDefault();
      setAt((chosen + step + hits.length) % hits.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(hits[chosen]);
    }
  };

  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      centered={false}
      padding={0}
      aria-label={t('palette.label')}
      classNames={{ body: 'palette' }}
    >
      <input
        data-autofocus
        className="palette-in"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={hits[chosen] ? `${list}-${chosen}` : undefined}
        aria-label={t('palette.label')}
        placeholder={t('palette.placeholder')}
        value={q}
        onChange={(event) => {
          setQ(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id={list} role="listbox" aria-label={t('palette.label')} className="palette-list">
        {hits.map((hit, index) => (
          <PaletteHit
            key={hit.id}
            id={`${list}-${index}`}
            hit={hit}
            first={hits[index - 1]?.group !== hit.group}
            chosen={index === chosen}
            open={() => open(hit)}
          />
        ))}
      </div>
      {hits.length === 0 && <p className="palette-empty">{t('palette.empty', { q })}</p>}
    </Modal>
  );
}
