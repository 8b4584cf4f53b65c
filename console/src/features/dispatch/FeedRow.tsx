import {
  IconArrowBackUp,
  IconHourglass,
  IconMail,
  IconMessageDots,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { FollowUpEvent, Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { exact, timeToSecond } from '../../i18n/time';
import { Icon } from '../../ui/Icon';
import { StatusShape } from '../../ui/StatusShape';
import { useZone } from '../../ui/useZone';
import { eventShape } from '../instances/eventShape';
import { eventTitle } from '../instances/eventTitle';

const icons: Record<string, TablerIcon> = {
  EMAIL: IconMail,
  SMS: IconMessageDots,
  WAIT: IconHourglass,
  replied: IconArrowBackUp,
};

interface Props {
  event: FollowUpEvent;
  sequence: Sequence | undefined;
}

/** An event of the feed, which leads to its person. */
export function FeedRow({ event, sequence }: Props) {
  const zone = useZone();
  const shape = eventShape(event);
  const icon = shape === 'failed' || shape === 'doubt' ? undefined : icons[event.type];
  return (
    <li className={event.type === 'replied' ? 'rep' : undefined}>
      <Link to="/instances/$id" params={{ id: event.instanceId }}>
        {icon ? <Icon of={icon} /> : <StatusShape shape={shape} progress={0.5} />}
        <span className="clip">
          <b>{eventTitle(event)}</b> <span className="q">{sequence?.name ?? t('common.none')}</span>
        </span>
        <time dateTime={event.sentAt} title={exact(event.sentAt, zone)}>
          {timeToSecond(event.sentAt, zone)}
        </time>
      </Link>
    </li>
  );
}
