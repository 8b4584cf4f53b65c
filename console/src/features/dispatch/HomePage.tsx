import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import { useZone } from '../../ui/useZone';
import { EnrolButton } from '../instances/EnrolButton';
import { sequenceNamesQuery } from '../sequences/sequences';
import { FeedPanel } from './FeedPanel';
import { FirstRun } from './FirstRun';
import { FirstRunAside } from './FirstRunAside';
import { ForecastPanel } from './ForecastPanel';
import { firstRunOf, useFirstRun } from './firstSteps';
import { HomeSequences } from './HomeSequences';
import { useLive } from './LiveProvider';
import { Needs } from './Needs';
import { forecastQuery, overviewQuery } from './overview';
import { PulseBar } from './PulseBar';
import { homeSubtitle, homeTitle } from './sending';

/** Whether everything is sending, and whether anything needs attention. */
export function HomePage() {
  useRefresh();
  const overview = useQuery(overviewQuery);
  const sequences = useQuery(sequenceNamesQuery);
  const zone = useZone();
  const { hidden } = useFirstRun();
  const error = overview.data ? null : overview.error;
  const first = sequences.data && overview.data && !hidden ? firstRunOf(sequences.data, overview.data) : null;
  const isNew = first !== null && !first.enrolled;

  return (
    <Page crumbs={[{ label: t('nav.home') }]} live actions={!isNew && <EnrolButton />}>
      <div className="answer">
        <div>
          <h1>{overview.data ? (isNew ? t('first.title') : homeTitle(overview.data)) : t('nav.home')}</h1>
          {overview.data && <p>{isNew ? t('first.sub') : homeSubtitle(overview.data, zone)}</p>}
        </div>
      </div>
      {error && <ErrorNote error={error} retry={overview.refetch} />}
      {overview.isPending && !error && <Bones rows={8} />}
      {overview.data && !isNew && (
        <>
          <Needs attention={overview.data.attention} />
          <PulseBar overview={overview.data} />
        </>
      )}
      {first && (
        <div className="w2">
          <FirstRun first={first} />
          {isNew && <FirstRunAside />}
        </div>
      )}
      {overview.data && !isNew && (
        <>
          <div className="two">
            <ForecastPanel />
            <FeedPanel sequences={sequences.data ?? []} />
          </div>
          <HomeSequences />
        </>
      )}
    </Page>
  );
}

const refreshAfter = 60_000;

/** Loads the forecast and the sequences again after something has happened, at most once a minute. The stream has the rest. */
function useRefresh(): void {
  const queries = useQueryClient();
  const newest = useLive().events[0]?.id;
  const last = useRef(Date.now());
  useEffect(() => {
    if (newest === undefined) {
      return;
    }
    const timer = setTimeout(
      () => {
        last.current = Date.now();
        void queries.invalidateQueries({ queryKey: forecastQuery.queryKey });
        void queries.invalidateQueries({ queryKey: sequenceNamesQuery.queryKey });
      },
      last.current + refreshAfter - Date.now(),
    );
    return () => clearTimeout(timer);
  }, [newest, queries]);
}
