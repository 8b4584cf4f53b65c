import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { Empty } from '../../ui/Empty';
import { ErrorNote } from '../../ui/ErrorNote';
import { useCanWrite } from '../accounts/me';
import { CalendarPanel } from './CalendarPanel';
import { calendarsQuery } from './calendars';
import { NewCalendarDialog } from './NewCalendarDialog';

/** The days on which sequences that use a calendar send nothing. */
export function CalendarsPart() {
  const canWrite = useCanWrite();
  const { data, error, refetch } = useQuery(calendarsQuery);
  const [asking, setAsking] = useState(false);
  if (!data) {
    return error ? <ErrorNote error={error} retry={refetch} /> : <Bones />;
  }
  return (
    <>
      <div className="answer">
        <div>
          <h1>{t('settings.calendars.title', { n: data.length })}</h1>
        </div>
        {canWrite && (
          <div className="acts">
            <Button onClick={() => setAsking(true)}>{t('settings.calendars.new')}</Button>
          </div>
        )}
      </div>
      {data.length === 0 && <Empty>{t('settings.calendars.empty')}</Empty>}
      <div className="stack">
        {data.map((calendar) => (
          <CalendarPanel key={`${calendar.id} ${calendar.updatedAt}`} calendar={calendar} canWrite={canWrite} />
        ))}
      </div>
      {asking && <NewCalendarDialog close={() => setAsking(false)} />}
    </>
  );
}
