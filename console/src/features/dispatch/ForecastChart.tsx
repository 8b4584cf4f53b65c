import '@mantine/charts/styles.layer.css';
import { BarChart } from '@mantine/charts';
import { t } from '../../i18n/messages';
import { day, inSentence, moment, number, time, type Zone } from '../../i18n/time';
import { type Bar, type Period, stepsOf } from './forecast';

interface Props {
  bars: Bar[];
  period: Period;
  zone: Zone;
}

/** The scheduled steps as bars. Arrow keys move between them. */
export default function ForecastChart({ bars, period, zone }: Props) {
  const most = bars.reduce((a, b) => (stepsOf(b) > stepsOf(a) ? b : a));
  const label = t('home.forecast.label', {
    date: inSentence(most.at, zone),
    n: number(stepsOf(most)),
    total: number(bars.reduce((sum, bar) => sum + stepsOf(bar), 0)),
  });
  const tick = (at: number) => (period === 'day' ? time(new Date(at), zone) : day(new Date(at), zone));
  return (
    <BarChart
      h={180}
      data={bars.map((bar) => ({ at: bar.at.getTime(), messages: bar.email + bar.sms, waits: bar.wait }))}
      dataKey="at"
      type="stacked"
      series={[
        { name: 'messages', label: t('home.forecast.messages'), color: 'var(--chart-ahead)' },
        { name: 'waits', label: t('home.forecast.waits'), color: 'var(--chart-quiet)' },
      ]}
      barProps={(series) => ({
        stroke: series.name === 'messages' ? 'var(--chart-ahead-line)' : undefined,
        isAnimationActive: false,
      })}
      barChartProps={{ title: label }}
      gridAxis="x"
      gridColor="var(--line)"
      strokeDasharray="0"
      tickLine="none"
      textColor="var(--ink-3)"
      valueFormatter={number}
      xAxisProps={{ tickFormatter: tick, minTickGap: period === 'day' ? 24 : 48 }}
      yAxisProps={{ width: 44, allowDecimals: false }}
      // Before a bar is pointed at, the label is undefined.
      tooltipProps={{ labelFormatter: (at) => (typeof at === 'number' ? moment(new Date(at), zone) : '') }}
    />
  );
}
