import { ActionIcon, Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Calendar } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';
import { CalendarDialogs } from './CalendarDialogs';
import { toggled } from './calendars';
import { Month } from './Month';

const shownMonths = 4;

/** A calendar as months. Changed days are a draft until they are saved, which shows first whose dates move. */
export function CalendarPanel({ calendar, canWrite }: { calendar: Calendar; canWrite: boolean }) {
  const [days, setDays] = useState(calendar.days);
  const [from, setFrom] = useState(0);
  const [asking, setAsking] = useState<'save' | 'delete' | null>(null);
  const now = new Date();
  const months = Array.from({ length: shownMonths }, (_, index) => {
    const first = new Date(Date.UTC(now.getFullYear(), now.getMonth() + from + index, 1));
    return { year: first.getUTCFullYear(), month: first.getUTCMonth() };
  });
  const before = new Set(calendar.days.map(({ date }) => date));
  const after = new Set(days.map(({ date }) => date));
  const changes =
    [...before].filter((date) => !after.has(date)).length + [...after].filter((date) => !before.has(date)).length;
  return (
    <section className="panel" aria-label={calendar.name}>
      <header className="ruled">
        <h2>{calendar.name}</h2>
        <small>{t('settings.calendars.days', { n: days.length })}</small>
        <div className="end">
          <ActionIcon
            variant="transparent"
            aria-label={t('settings.calendars.previous')}
            onClick={() => setFrom(from - shownMonths)}
          >
            <Icon of={IconChevronLeft} />
          </ActionIcon>
          <ActionIcon
            variant="transparent"
            aria-label={t('settings.calendars.next')}
            onClick={() => setFrom(from + shownMonths)}
          >
            <Icon of={IconChevronRight} />
          </ActionIcon>
          {canWrite && (
            <ActionIcon
              variant="transparent"
              aria-label={t('settings.calendars.delete', { name: calendar.name })}
              onClick={() => setAsking('delete')}
            >
              <Icon of={IconTrash} />
            </ActionIcon>
          )}
        </div>
      </header>
      {calendar.warnings.map(({ message }) => (
        <div key={message} className="note warn">
          {message}
        </div>
      ))}
      <div className="cal">
        {months.map(({ year, month }) => (
          <Month
            key={`${year} ${month}`}
            year={year}
            month={month}
            days={days}
            toggle={canWrite ? (date) => setDays(toggled(days, date)) : undefined}
          />
        ))}
      </div>
      {changes > 0 && (
        <div className="callist">
          <span>{t('settings.calendars.draft', { n: changes })}</span>
          <Button className="small" onClick={() => setDays(calendar.days)}>
            {t('common.undo')}
          </Button>
          <Button className="small primary" onClick={() => setAsking('save')}>
            {t('common.save')}
          </Button>
        </div>
      )}
      {asking && <CalendarDialogs calendar={calendar} days={days} asking={asking} close={() => setAsking(null)} />}
    </section>
  );
}
