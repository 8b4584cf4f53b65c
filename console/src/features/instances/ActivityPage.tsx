import { Button, SegmentedControl, Select } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { isMessage, t } from '../../i18n/messages';
import { inSentence } from '../../i18n/time';
import { Bones } from '../../ui/Bones';
import { Empty } from '../../ui/Empty';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { Page } from '../../ui/Page';
import { saveFile } from '../../ui/saveFile';
import { failed } from '../../ui/toasts';
import { useZone } from '../../ui/useZone';
import { sequenceNamesQuery } from '../sequences/sequences';
import { EventTable } from './EventTable';
import { eventsQuery, eventTypes, exportEvents, type Period, periods } from './events';

/** What happened in a period, newest first, in all sequences. */
export function ActivityPage() {
  const search = useSearch({ from: '/shell/activity' });
  const navigate = useNavigate({ from: '/activity' });
  const sequences = useQuery(sequenceNamesQuery);
  const period = search.period ?? 'day';
  const events = useQuery(eventsQuery({ ...search, period }));
  const zone = useZone();
  const newestFirst = events.data?.items.toReversed() ?? [];
  const save = useMutation({
    mutationFn: () => exportEvents(search, events.data?.from),
    onSuccess: (csv) => saveFile(csv, 'events.csv'),
    onError: failed,
  });

  return (
    <Page
      tall
      crumbs={[{ label: t('nav.activity') }]}
      actions={
        <Button leftSection={<Icon of={IconDownload} />} loading={save.isPending} onClick={() => save.mutate()}>
          <span>{t('activity.export')}</span>
        </Button>
      }
    >
      <div className="top">
        <div className="answer">
          <div>
            <h1>
              {events.data
                ? t(events.data.more ? 'activity.title.more' : 'activity.title', {
                    n: events.data.items.length,
                    from: inSentence(events.data.from, zone),
                  })
                : t('nav.activity')}
            </h1>
          </div>
        </div>
      </div>
      <div className="fl filters">
        <Select
          aria-label={t('activity.filter')}
          value={search.type ?? ''}
          allowDeselect={false}
          searchable
          data={[
            { value: '', label: t('activity.filter.all') },
            ...eventTypes.map((type) => ({ value: type, label: typeName(type) })),
          ]}
          onChange={(type) => navigate({ search: (old) => ({ ...old, type: type || undefined }) })}
        />
        <Select
          aria-label={t('activity.sequence')}
          value={search.sequence ?? ''}
          allowDeselect={false}
          searchable
          data={[
            { value: '', label: t('activity.sequence.all') },
            ...(sequences.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
          onChange={(sequence) => navigate({ search: (old) => ({ ...old, sequence: sequence || undefined }) })}
        />
        <SegmentedControl
          aria-label={t('activity.period')}
          value={period}
          data={periods.map((value) => ({ value, label: t(`activity.period.${value}`) }))}
          onChange={(value) => navigate({ search: (old) => ({ ...old, period: value as Period }) })}
        />
      </div>
      {events.error && !events.data && (
        <div className="fl">
          <ErrorNote error={events.error} retry={events.refetch} />
        </div>
      )}
      {events.isPending && !events.error && (
        <div className="fl">
          <Bones rows={8} />
        </div>
      )}
      {events.data?.items.length === 0 && (
        <Empty>{t(search.type || search.sequence ? 'activity.none' : 'activity.empty')}</Empty>
      )}
      {newestFirst.length > 0 && <EventTable events={newestFirst} sequences={sequences.data ?? []} />}
    </Page>
  );
}

function typeName(type: string): string {
  const key = isMessage(`activity.type.${type}`) ? `activity.type.${type}` : `event.${type}`;
  return isMessage(key) ? t(key, { step: '', version: '', reason: '' }).replace(/[\s:]+$/, '') : type;
}
