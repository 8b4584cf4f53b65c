import { Button } from '@mantine/core';
import { IconMail, IconMessageDots } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '../../i18n/messages';
import { day, time, type Zone } from '../../i18n/time';
import { EmailPreview } from '../../ui/EmailPreview';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { messagesQuery } from './sandbox';

/** The messages that the sandbox captured instead of sending, oldest first, and the selected one. */
export function Outbox({ zone }: { zone: Zone }) {
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery(messagesQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const message = items.find(({ id }) => id === chosen) ?? items.at(-1);
  return (
    <div className="boxes">
      <div>
        <div className="bh">
          <h2>{t('sandbox.messages')}</h2>
        </div>
        {error && <ErrorNote error={error} />}
        {data && items.length === 0 && <p className="q pad">{t('sandbox.messages.empty')}</p>}
        <ul className="outb">
          {items.map(({ id, at, channel, to, subject, text }) => (
            <li key={id} className={id === message?.id ? 'on' : undefined}>
              <button type="button" aria-current={id === message?.id} onClick={() => setChosen(id)}>
                <time dateTime={at}>
                  {day(at, zone)} {time(at, zone)}
                </time>
                <Icon of={channel === 'EMAIL' ? IconMail : IconMessageDots} size={14} />
                <b className="clip">{subject ?? text}</b>
                <span className="xs qq">{to}</span>
              </button>
            </li>
          ))}
        </ul>
        {hasNextPage && (
          <p className="more">
            <Button onClick={() => fetchNextPage()}>{t('common.more')}</Button>
          </p>
        )}
      </div>
      <div className="pad">
        {!message && <p className="q">{t('sandbox.message.none')}</p>}
        {message?.html && <EmailPreview to={message.to} subject={message.subject ?? ''} html={message.html} />}
        {message && !message.html && <p className="bubble">{message.text}</p>}
      </div>
    </div>
  );
}
