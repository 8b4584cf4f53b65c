import { IconMail, IconMessageDots } from '@tabler/icons-react';
import { useState } from 'react';
import type { FollowUpEvent, Try } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { day, exact, time, type Zone } from '../../i18n/time';
import { EmailPreview } from '../../ui/EmailPreview';
import { Icon } from '../../ui/Icon';
import { Attempts } from './Attempts';
import { eventTitle } from './eventTitle';
import { detail } from './person';

interface Props {
  event: FollowUpEvent;
  tries: Try[];
  to: string;
  zone: Zone;
}

/** One event of the past. A sent mail can be opened as it went out. */
export function TimelineEvent({ event, tries, to, zone }: Props) {
  const [open, setOpen] = useState(false);
  const { sentAt, type, status } = event;
  const message = (type === 'EMAIL' || type === 'SMS') && status === 'sent';
  const [html, text, variant] = [detail(event, 'html'), detail(event, 'text'), detail(event, 'variant')];
  const subject = detail(event, 'subject') ?? eventTitle(event);
  const error = detail(event, 'error');
  return (
    <li className={message ? undefined : 'mini-row'}>
      <div className="at">
        <small>{day(sentAt, zone)}</small> <b title={exact(sentAt, zone)}>{time(sentAt, zone)}</b>
      </div>
      {message ? (
        <span className="nd">
          <Icon of={type === 'EMAIL' ? IconMail : IconMessageDots} />
        </span>
      ) : (
        <span className={type === 'inDoubt' ? 'nd mini doubt' : 'nd mini'} />
      )}
      <div className="c">
        <h3>
          {message && type === 'EMAIL' ? subject : eventTitle(event)}
          {message && <span className="q">{t('step.sent', { step: (event.stepIndex ?? 0) + 1 })}</span>}
          {variant && <span className="tag">{variant}</span>}
        </h3>
        {error && <p>{error}</p>}
        {type === 'SMS' && text && <p>“{text}”</p>}
        {tries.length > 1 && <Attempts tries={tries} zone={zone} />}
        {html && (
          <p className="moved">
            <button type="button" className="link" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t(open ? 'person.mail.hide' : 'person.mail.show')}
            </button>
          </p>
        )}
        {open && html && (
          <div className="went">
            <EmailPreview to={to} subject={subject} html={html} />
          </div>
        )}
      </div>
    </li>
  );
}
