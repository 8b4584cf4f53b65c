import type { Instance, Step, Why } from '../../api/schemas';
import { isMessage, type MessageKey, t } from '../../i18n/messages';
import { inSentence, time, type Zone } from '../../i18n/time';

interface Facts {
  why: Why;
  instance: Pick<Instance, 'recipient'>;
  /** The steps of the instance's version; empty while they are loaded. */
  steps: Step[];
  zone: Zone;
}

/** Why an instance does or does not proceed, as one sentence: the title of its page. Every reason of the API has one. */
export function whySentence({ why, instance, steps, zone }: Facts): string {
  const { waitingFor, next, ended } = why;
  const until = waitingFor.until ?? next?.dueAt ?? null;
  const name = firstName(instance.recipient);
  const values = {
    name,
    channel: t(next?.type === 'SMS' ? 'channel.sms' : 'channel.email'),
    date: dateOf(ended?.at ?? until, zone),
    step: (next?.index ?? 0) + 1,
    error: next?.lastError ?? '',
    node: waitingFor.node ?? '',
    localTime: time(why.asOf, instance.recipient.timeZone ?? why.timeZone),
    holiday: next?.moved.findLast(({ reason }) => reason === 'holiday')?.name ?? t('moved.publicHoliday'),
  };
  const key = keyOf(why, steps);
  if (key === 'why.time.delay.next') {
    return t(key, { ...values, channel: steps[(next?.index ?? 0) + 1]?.type ?? 'EMAIL' });
  }
  if (key === 'why.breaker' || key === 'why.pace') {
    return t(key, { channel: t(waitingFor.because === 'SMS' ? 'channel.sms' : 'channel.email') });
  }
  return t(key, values);
}

/** The message for the reason. */
export function keyOf({ waitingFor, next }: Why, steps: Step[]): MessageKey {
  const { reason, because, until } = waitingFor;
  if (reason === 'time' && next?.type === 'WAIT') {
    return next.index + 1 < steps.length ? 'why.time.delay.next' : 'why.time.delay.last';
  }
  if (reason === 'person' && because === 'inDoubt' && until) {
    return 'why.person.inDoubt.grace';
  }
  const specific = `why.${reason}.${because}`;
  if (isMessage(specific)) {
    return specific;
  }
  return isMessage(`why.${reason}`) ? (`why.${reason}` as MessageKey) : 'why.time.due';
}

export function firstName({ firstName: first, name, email }: Instance['recipient']): string {
  return first || name?.split(' ')[0] || email;
}

function dateOf(instant: string | null, zone: Zone): string {
  return instant ? inSentence(instant, zone) : t('common.none');
}
