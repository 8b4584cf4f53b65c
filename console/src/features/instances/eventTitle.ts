import type { FollowUpEvent } from '../../api/schemas';
import { isMessage, t } from '../../i18n/messages';
import { detail } from './person';

/** An event in words. An event type that this console does not know keeps its name from the API. */
export function eventTitle(event: FollowUpEvent): string {
  const { type, status, stepIndex, version } = event;
  const step = (stepIndex ?? 0) + 1;
  const reason = detail(event, 'reason');
  if (status !== null) {
    const skipped = `step.skipped.${reason}`;
    if (status === 'skipped' && isMessage(skipped)) {
      return t(skipped);
    }
    return status === 'completed' ? t('step.completed') : t(`step.${status}`, { step });
  }
  if (type === 'stopped') {
    const stop = `stop.${reason}`;
    return t('event.stopped', { reason: isMessage(stop) ? t(stop) : (reason ?? '') });
  }
  const timed = `event.${type}.${detail(event, 'timing')}`;
  if (isMessage(timed)) {
    return t(timed);
  }
  const key = `event.${type}`;
  return isMessage(key) ? t(key, { step, version }) : type;
}
