import type { FollowUpEvent, Instance, Step, Why } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { day, time, type Zone } from '../../i18n/time';
import { NextSteps } from './NextSteps';
import { TimelineEvent } from './TimelineEvent';

interface Props {
  events: FollowUpEvent[];
  why: Why;
  steps: Step[];
  instance: Instance;
  zone: Zone;
}

/** Everything about an instance on one line: what happened, now, and what comes. */
export function Timeline({ events, why, steps, instance, zone }: Props) {
  const tries = (event: FollowUpEvent) =>
    why.steps.find(({ index, at }) => index === event.stepIndex && at === event.sentAt)?.tries ?? [];
  return (
    <ol className="tl">
      {events.map((event) => (
        <TimelineEvent key={event.id} event={event} tries={tries(event)} to={instance.recipient.email} zone={zone} />
      ))}
      {!why.ended && (
        <li className="now ahead">
          <div className="at">
            <b>{time(why.asOf, zone)}</b>
            <small>{t('person.now', { date: day(why.asOf, zone) })}</small>
          </div>
          <span className="nd" />
          <div className="c">
            <div className="rule" />
          </div>
        </li>
      )}
      {why.next && <NextSteps next={why.next} steps={steps} asOf={why.asOf} zone={zone} />}
    </ol>
  );
}
