import type { Breaker } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { moment } from '../../i18n/time';
import { DateTime } from '../../ui/DateTime';
import { StatusShape } from '../../ui/StatusShape';
import { useZone } from '../../ui/useZone';
import { channelShapes } from './PulseBar';
import { channelName } from './sending';

const shown = 6;
const words = {
  opened: 'system.breaker.opened',
  probeFailed: 'system.breaker.probeFailed',
  closed: 'system.breaker.closedAgain',
} as const;

/** The circuit breakers and their outages, newest first. */
export function BreakerPanel({ breakers }: { breakers: Breaker[] }) {
  const zone = useZone();
  return (
    <section className="panel">
      <header>
        <h2>{t('system.breakers')}</h2>
        <small>{t('system.breakers.sub')}</small>
      </header>
      <div className="brk">
        {breakers.map((breaker) => (
          <div key={breaker.channel}>
            <div className="row between">
              <span className="st">
                <StatusShape shape={channelShapes[breaker.state]} />
                <b className="med">{channelName(breaker)}</b>
              </span>
              <span className="q">{t(`system.breaker.${breaker.state}`)}</span>
            </div>
            {breaker.cause && <p>{breaker.cause}</p>}
            {breaker.probeAt && <p>{t('system.breaker.probe', { date: moment(breaker.probeAt, zone) })}</p>}
            {breaker.history.length === 0 ? (
              <small>{t('system.breaker.none')}</small>
            ) : (
              <ol>
                {breaker.history.slice(0, shown).map(({ state, cause, at }) => (
                  <li key={at + state}>
                    <DateTime at={at} /> {t(words[state])}
                    {cause && <span className="q">: {cause}</span>}
                  </li>
                ))}
              </ol>
            )}
          </div>
        ))}
      </div>
    </section>
  );
}
