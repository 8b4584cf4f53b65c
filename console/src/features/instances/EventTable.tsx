import { Link } from '@tanstack/react-router';
import type { FollowUpEvent, Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { DateTime } from '../../ui/DateTime';
import { StatusShape } from '../../ui/StatusShape';
import { eventShape } from './eventShape';
import { eventTitle } from './eventTitle';
import { detail } from './person';

interface Props {
  events: FollowUpEvent[];
  sequences: Sequence[];
}

export function EventTable({ events, sequences }: Props) {
  return (
    <div className="tw">
      <table className="t cards-on-phone events">
        <thead>
          <tr>
            <th scope="col">{t('activity.col.time')}</th>
            <th scope="col">{t('activity.col.event')}</th>
            <th scope="col">{t('activity.col.person')}</th>
            <th scope="col">{t('activity.col.sequence')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.id}>
              <td className="num nowrap q">
                <DateTime at={event.sentAt} />
              </td>
              <td>
                <span className="st">
                  <StatusShape shape={eventShape(event)} progress={0.5} />
                  <span className="clip">{detail(event, 'subject') ?? eventTitle(event)}</span>
                </span>
              </td>
              <td>
                <Link className="a" to="/instances/$id" params={{ id: event.instanceId }}>
                  {t('activity.open')}
                  <span className="sr"> {event.instanceId}</span>
                </Link>
              </td>
              <td className="q">{sequences.find(({ id }) => id === event.sequenceId)?.name ?? t('common.none')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="tail" />
    </div>
  );
}
