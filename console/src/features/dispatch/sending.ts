import type { ChannelState, Overview } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { duration, inSentence, isSameDay, number, time, type Zone } from '../../i18n/time';

/** The API counts no further than this of each kind. */
export const mostCounted = 10_000;

// The oldest due step of an engine that keeps up waits for seconds.
const behindSeconds = 60;

export type Sending = 'normal' | 'behind' | 'recovering' | 'open';

/** What is wrong with sending, the worst first. */
export function sendingOf({ breakers, oldestDueSeconds }: Overview): Sending {
  for (const state of ['open', 'recovering'] as const) {
    if (breakers.some((breaker) => breaker.state === state)) {
      return state;
    }
  }
  return (oldestDueSeconds ?? 0) > behindSeconds ? 'behind' : 'normal';
}

/** How sending goes, as a sentence. */
export function sendingSentence(overview: Overview): string {
  const sending = sendingOf(overview);
  if (sending === 'normal') {
    return t('home.normal');
  }
  if (sending === 'behind') {
    return t('home.behind', { duration: duration((overview.oldestDueSeconds ?? 0) * 1000) });
  }
  const affected = overview.breakers.filter(({ state }) => state === sending).map(channelName);
  return t(`home.${sending}`, { channel: affected.join(', ') });
}

export const channelName = ({ channel }: Pick<ChannelState, 'channel'>) => t(`home.channel.${channel}`);

/** The number of instances that wait for a user. */
export function attentionOf({ attention }: Overview): number {
  return attention.failed + attention.inDoubt + attention.late;
}

/** The title of Home: whether everything is sending, and whether anything needs attention. */
export function homeTitle(overview: Overview): string {
  const { failed, inDoubt, late } = overview.attention;
  const isCapped = [failed, inDoubt, late].some((count) => count >= mostCounted);
  const attention = isCapped
    ? t('home.attention.more', { n: number(mostCounted) })
    : t('home.attention', { n: failed + inDoubt + late });
  return `${sendingSentence(overview)} ${attention}`;
}

/** The line below the title: what was sent, and what comes next. */
export function homeSubtitle({ sent, nextDueAt }: Overview, zone: Zone, now = new Date()): string {
  const next = nextDueAt === null ? t('home.next.none') : nextSentence(nextDueAt, zone, now);
  return `${t('home.sent', { n: sent.lastDay })} ${next}`;
}

function nextSentence(at: string, zone: Zone, now: Date): string {
  return isSameDay(at, now, zone)
    ? t('home.next.today', { time: time(at, zone) })
    : t('home.next', { date: inSentence(at, zone, now) });
}
