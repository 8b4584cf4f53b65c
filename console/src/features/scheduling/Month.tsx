import type { Calendar } from '../../api/schemas';
import { locale, t } from '../../i18n/messages';
import { weeks } from './calendars';

interface Props {
  year: number;
  month: number;
  days: Calendar['days'];
  /** Absent for a reader who may not change it. */
  toggle?: (date: string) => void;
}

const today = new Date().toISOString().slice(0, 10);
const title = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' });
const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' });

/** One month of a calendar. A day without sending is filled. */
export function Month({ year, month, days, toggle }: Props) {
  const first = new Date(Date.UTC(year, month, 1));
  return (
    <div className={today.startsWith(first.toISOString().slice(0, 7)) ? 'mon cur' : 'mon'}>
      <h3>{title.format(first)}</h3>
      <div className="dg">
        {weeks(year, month).map((week) =>
          week.map((date, weekday) => {
            if (date === null) {
              // biome-ignore lint/suspicious/noArrayIndexKey: the blank cells of a month have no state and never move.
              return <span key={`${week.find(Boolean)} ${weekday}`} />;
            }
            const free = days.find((day) => day.date === date);
            const name = `${full.format(new Date(date))}${free?.name ? `, ${free.name}` : ''}`;
            return (
              <button
                key={date}
                type="button"
                disabled={!toggle}
                className={[free && 'h', weekday > 4 && 'we', date === today && 'td'].filter(Boolean).join(' ')}
                aria-pressed={free !== undefined}
                aria-label={t(free ? 'settings.calendars.toggle.on' : 'settings.calendars.toggle.off', { date: name })}
                title={free?.name ?? undefined}
                onClick={() => toggle?.(date)}
              >
                {Number(date.slice(8))}
              </button>
            );
          }),
        )}
      </div>
    </div>
  );
}
