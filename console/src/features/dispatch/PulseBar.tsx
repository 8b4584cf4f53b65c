import type { ReactNode } from 'react';
import type { ChannelState, Overview } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { duration, number } from '../../i18n/time';
import { type Shape, StatusShape } from '../../ui/StatusShape';
import { channelName } from './sending';

export const channelShapes: Record<ChannelState['state'], Shape> = { closed: 'ok', recovering: 'warn', open: 'failed' };

/** How sending goes, in figures. */
export function PulseBar({ overview: { sent, lag, oldestDueSeconds, breakers } }: { overview: Overview }) {
  return (
    <section className="pulsebar" aria-label={t('home.pulse')}>
      <Cell name={t('home.pulse.minute')}>
        <b>{number(sent.lastMinute)}</b>
      </Cell>
      <Cell name={t('home.pulse.hour')}>
        <b>{number(sent.lastHour)}</b>
      </Cell>
      <Cell name={t('home.pulse.day')}>
        <b>{number(sent.lastDay)}</b>
      </Cell>
      <Cell name={t('home.pulse.lag')}>
        <b>{lagOf(lag.p50Ms)}</b> <span className="p99">{t('home.pulse.p99', { lag: lagOf(lag.p99Ms) })}</span>
      </Cell>
      <Cell name={t('home.pulse.overdue')}>
        <b>{oldestDueSeconds === null ? t('common.none') : duration(oldestDueSeconds * 1000)}</b>
      </Cell>
      <span>
        {breakers.map((breaker) => {
          const label = t(`home.channel.${breaker.state}`, { channel: channelName(breaker) });
          return (
            <span key={breaker.channel} className="st" title={label}>
              <StatusShape shape={channelShapes[breaker.state]} />
              <span aria-hidden="true">{channelName(breaker)}</span>
              <span className="sr">{label}</span>
            </span>
          );
        })}
      </span>
    </section>
  );
}

function Cell({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span>
      <span className="k">{name}</span> {children}
    </span>
  );
}

const lagOf = (milliseconds: number | null) => (milliseconds === null ? t('common.none') : duration(milliseconds));
