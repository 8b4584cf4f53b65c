import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { Calendar } from '../../api/schemas';

export const calendarsQuery = queryOptions({
  queryKey: ['calendars'],
  queryFn: async ({ signal }) =>
    (await answer(api.GET('/api/calendars', { params: { query: { limit: 200 } }, signal }))).items,
});

/** The dates of a month as rows of weeks that begin on Monday; null outside the month. */
export function weeks(year: number, month: number): (string | null)[][] {
  const first = new Date(Date.UTC(year, month, 1));
  const lead = (first.getUTCDay() + 6) % 7;
  const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const cells: (string | null)[] = Array<null>(lead).fill(null);
  for (let date = 1; date <= length; date++) {
    cells.push(new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10));
  }
  while (cells.length % 7 !== 0) {
    cells.push(null);
  }
  return Array.from({ length: cells.length / 7 }, (_, row) => cells.slice(row * 7, row * 7 + 7));
}

/** The calendar's days with one date added or taken out. Names of other days stay. */
export function toggled(days: Calendar['days'], date: string): Calendar['days'] {
  return days.some((day) => day.date === date)
    ? days.filter((day) => day.date !== date)
    : [...days, { date, name: null }].sort((a, b) => a.date.localeCompare(b.date));
}
