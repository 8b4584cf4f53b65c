import { ActionIcon, SegmentedControl } from '@mantine/core';
import { IconChartBar, IconFlag, IconTable } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import type { Forecast } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { inSentence, number, type Zone } from '../../i18n/time';
import { Bones } from '../../ui/Bones';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { useZone } from '../../ui/useZone';
import { ForecastTable } from './ForecastTable';
import { barsOf, type Period, stepsOf, stepsOn } from './forecast';
import { forecastQuery } from './overview';

// The chart library is larger than the rest of the page.
const ForecastChart = lazy(() => import('./ForecastChart'));

/** What is scheduled, as a chart or as a table. */
export function ForecastPanel() {
  const { forecast: period = 'day' } = useSearch({ from: '/shell/' });
  const navigate = useNavigate({ from: '/' });
  const { data, error, refetch } = useQuery(forecastQuery);
  const [asTable, setAsTable] = useState(false);
  const zone = useZone();
  const other = t(asTable ? 'home.forecast.chart' : 'home.forecast.table');
  return (
    <section className="panel forecast">
      <header>
        <h2>{t('home.forecast')}</h2>
        <small className="not-phone">{t(period === 'day' ? 'home.forecast.hour' : 'home.forecast.hours')}</small>
        <div className="end">
          <span className="key ahead not-phone">{t('home.forecast.messages')}</span>
          <span className="key waits not-phone">{t('home.forecast.waits')}</span>
          <SegmentedControl
            size="xs"
            aria-label={t('home.forecast.period')}
            value={period}
            data={(['day', 'week'] as const).map((value) => ({ value, label: t(`home.forecast.${value}`) }))}
            onChange={(value) =>
              navigate({ search: { forecast: value === 'week' ? 'week' : undefined }, replace: true })
            }
          />
          <ActionIcon variant="transparent" aria-label={other} title={other} onClick={() => setAsTable(!asTable)}>
            <Icon of={asTable ? IconChartBar : IconTable} />
          </ActionIcon>
        </div>
      </header>
      {error && !data && (
        <div className="pad">
          <ErrorNote error={error} retry={refetch} />
        </div>
      )}
      {!data && !error && (
        <div className="pad">
          <Bones rows={4} />
        </div>
      )}
      {data && <Scheduled forecast={data} period={period} zone={zone} asTable={asTable} />}
    </section>
  );
}

interface ScheduledProps {
  forecast: Forecast;
  period: Period;
  zone: Zone;
  asTable: boolean;
}

function Scheduled({ forecast, period, zone, asTable }: ScheduledProps) {
  const bars = barsOf(forecast, period, zone);
  const now = new Date(forecast.at);
  const tomorrow = new Date(now.getTime() + 86_400_000);
  return (
    <>
      {bars.every((bar) => stepsOf(bar) === 0) ? (
        <p className="pad q plot">{t('home.forecast.none')}</p>
      ) : asTable ? (
        <ForecastTable bars={bars} zone={zone} />
      ) : (
        <div className="plot">
          <Suspense>
            <ForecastChart bars={bars} period={period} zone={zone} />
          </Suspense>
        </div>
      )}
      <p className="foot-line">
        <Icon of={IconFlag} size={14} />
        <span>
          {t('home.forecast.days', {
            today: number(stepsOn(forecast, now, zone)),
            tomorrow: number(stepsOn(forecast, tomorrow, zone)),
          })}{' '}
          {forecast.completeUntil && t('home.forecast.until', { date: inSentence(forecast.completeUntil, zone) })}
        </span>
      </p>
    </>
  );
}
