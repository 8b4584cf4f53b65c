import {
  IconAlertTriangle,
  IconArrowRight,
  IconCalendarOff,
  IconClock,
  IconFlag,
  IconGauge,
  IconHourglass,
  IconPlayerPause,
  IconQuestionMark,
  IconRefresh,
  IconSun,
  IconUser,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import type { Instance, Moved } from '../../api/schemas';
import { t } from '../../i18n/messages';

export interface Waiting {
  icon: TablerIcon;
  text: string;
  tone?: 'failed' | 'doubt' | 'late';
}

export const reasonIcons: Record<Moved['reason'], TablerIcon> = {
  paused: IconPlayerPause,
  retry: IconRefresh,
  window: IconClock,
  weekend: IconCalendarOff,
  day: IconCalendarOff,
  holiday: IconFlag,
  dst: IconSun,
  at: IconClock,
  cap: IconGauge,
  gap: IconGauge,
  recipientCap: IconUser,
  ceiling: IconGauge,
  deferred: IconRefresh,
  rendering: IconGauge,
};

/** The name of the rule that moved a date. Holidays have their own names. */
export function reasonWord({ reason, name }: Pick<Moved, 'reason' | 'name'>): string {
  if (reason === 'holiday') {
    return name ? t('moved.holiday', { holiday: name }) : t('moved.publicHoliday');
  }
  return t(`moved.${reason}`);
}

/** What an instance waits for, in a few words; null when it has ended. */
export function waitingFor(instance: Instance, now = new Date()): Waiting | null {
  const { status, attention, lastError, attempts, nextDueAt } = instance;
  if (attention === 'inDoubt') {
    return { icon: IconQuestionMark, text: t('people.waiting.inDoubt'), tone: 'doubt' };
  }
  if (attention === 'late') {
    return { icon: IconClock, text: t('people.waiting.late'), tone: 'late' };
  }
  if (status === 'FAILED') {
    return { icon: IconAlertTriangle, text: lastError ?? t('status.FAILED'), tone: 'failed' };
  }
  if (status === 'PAUSED') {
    return { icon: IconPlayerPause, text: t('people.waiting.paused') };
  }
  if (status !== 'ACTIVE') {
    return null;
  }
  if (attempts > 0 && lastError) {
    return { icon: IconRefresh, text: t('people.waiting.retry', { error: lastError }) };
  }
  const last = instance.waitingFor.at(-1);
  if (last) {
    return { icon: reasonIcons[last.reason], text: instance.waitingFor.map(reasonWord).join(', ') };
  }
  return nextDueAt && new Date(nextDueAt) > now
    ? { icon: IconHourglass, text: t('people.waiting.wait') }
    : { icon: IconArrowRight, text: t('people.waiting.due') };
}
