import { ActionIcon, Button } from '@mantine/core';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { FollowUpEvent, Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { FeedRow } from './FeedRow';
import { newestOf, recentEventsQuery } from './feed';
import { useLive, useLiveStore } from './LiveProvider';

/** What happens, as it happens. Rows do not move under the pointer: new ones wait until it has left. */
export function FeedPanel({ sequences }: { sequences: Sequence[] }) {
  const live = useLive();
  const store = useLiveStore();
  const recent = useQuery(recentEventsQuery);
  const newest = newestOf(live.events, recent.data ?? []);
  const [held, setHeld] = useState<FollowUpEvent[] | null>(null);
  const shown = held ?? newest;
  const paused = live.status === 'paused';
  const top = newest.findIndex(({ id }) => id === held?.[0]?.id);
  const waiting = paused ? live.waiting : top < 0 && held?.length ? newest.length : Math.max(top, 0);
  const label = t(paused ? 'home.feed.resume' : 'home.feed.pause');
  return (
    <section className="panel">
      <header>
        <h2>{t('home.feed')}</h2>
        {waiting > 0 && <small className="shown">{t('live.new', { n: waiting })}</small>}
        <div className="end">
          {store && (
            <ActionIcon
              variant="transparent"
              aria-label={label}
              title={label}
              onClick={paused ? store.resume : store.pause}
            >
              <Icon of={paused ? IconPlayerPlay : IconPlayerPause} />
            </ActionIcon>
          )}
          <Button component={Link} to="/activity" className="ghost small">
            {t('home.feed.all')}
          </Button>
        </div>
      </header>
      {recent.error && shown.length === 0 && (
        <div className="pad">
          <ErrorNote error={recent.error} retry={recent.refetch} />
        </div>
      )}
      {recent.data && shown.length === 0 && <p className="pad q">{t('home.feed.empty')}</p>}
      <ul
        className="feed"
        aria-live="off"
        onPointerEnter={() => setHeld(newest)}
        onPointerLeave={() => setHeld(null)}
        onFocus={() => setHeld((old) => old ?? newest)}
        onBlur={() => setHeld(null)}
      >
        {shown.map((event) => (
          <FeedRow key={event.id} event={event} sequence={sequences.find(({ id }) => id === event.sequenceId)} />
        ))}
      </ul>
    </section>
  );
}
