import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMe } from '../features/accounts/me';
import { useLive } from '../features/dispatch/LiveProvider';
import { overviewQuery } from '../features/dispatch/overview';
import { type Sending, sendingOf } from '../features/dispatch/sending';
import { t } from '../i18n/messages';
import { duration, time } from '../i18n/time';
import { useZone } from '../ui/useZone';

const dots: Record<Sending, string> = { normal: 'ok', behind: 'warn', recovering: 'warn', open: 'bad' };

/** The state of the engine in one line, on every page. */
export function EnginePulse() {
  const { data: overview } = useQuery(overviewQuery);
  const live = useLive();
  const zone = useZone();
  const operates = useMe().permissions.includes('operate');
  if (!overview) {
    return null;
  }
  const sending = sendingOf(overview);
  const offline = live.status === 'offline';
  const lag = overview.lag.p50Ms === null ? t('common.none') : duration(overview.lag.p50Ms);
  return (
    <Link className="pulse" to={operates ? '/system' : '/'} activeProps={{}}>
      <span className={offline ? 'dot' : `dot ${dots[sending]}`} />
      <span>
        {t(`pulse.${sending}`)}
        <small>
          {offline ? t('live.offline', { time: time(new Date(live.since), zone) }) : t('pulse.lag', { lag })}
        </small>
      </span>
    </Link>
  );
}
