import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { t } from '../../i18n/messages';
import { time } from '../../i18n/time';
import { Icon } from '../../ui/Icon';
import { useZone } from '../../ui/useZone';
import { useLive, useLiveStore } from './LiveProvider';

/** Whether the page shows the present, with a button that pauses it. */
export function LiveButton() {
  const store = useLiveStore();
  const live = useLive();
  const zone = useZone();
  if (!store) {
    return null;
  }
  const since = time(new Date(live.since), zone);
  if (live.status === 'paused') {
    return (
      <button
        type="button"
        className="live paused"
        aria-label={t('live.resume', { time: since })}
        onClick={store.resume}
      >
        <span className="dot" />
        {t('live.paused', { time: since })}
        <Icon of={IconPlayerPlay} size={14} />
      </button>
    );
  }
  if (live.status === 'live') {
    return (
      <button type="button" className="live" aria-label={t('live.pause')} onClick={store.pause}>
        <span className="dot" />
        {t('live.on')}
        <Icon of={IconPlayerPause} size={14} />
      </button>
    );
  }
  return (
    <span className="live paused" role="status">
      <span className="dot" />
      {live.status === 'connecting' ? t('live.connecting') : t('live.offline', { time: since })}
    </span>
  );
}
