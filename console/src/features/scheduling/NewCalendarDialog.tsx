import { FileButton, TextInput } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { ApiError } from '../../api/problem';
import { t } from '../../i18n/messages';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { told } from '../../ui/toasts';
import { calendarsQuery } from './calendars';

/** Creates an empty calendar, or one from an iCalendar file. */
export function NewCalendarDialog({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const create = useMutation({
    mutationFn: async () =>
      answer(
        file
          ? api.POST('/api/calendars', {
              params: { query: { name: name.trim() } },
              headers: { 'Content-Type': 'text/calendar' },
              body: await file.text(),
              bodySerializer: (text) => text as string,
            })
          : api.POST('/api/calendars', { body: { name: name.trim(), days: [] } }),
      ),
    onSuccess: () => {
      close();
      told(t('settings.calendars.created', { name: name.trim() }));
      return queries.invalidateQueries(calendarsQuery);
    },
  });
  const fields = create.error instanceof ApiError ? create.error.fields : {};
  const { name: nameErrors, ...others } = fields;
  return (
    <Dialog
      opened
      close={close}
      typed={name !== '' || file !== null}
      title={t('settings.calendars.new')}
      submit={{ label: t('common.save'), run: () => create.mutate(), busy: create.isPending, disabled: !name.trim() }}
    >
      {create.error && !nameErrors && (
        <ErrorNote error={create.error} title={Object.values(others).flat()[0] ?? t('error.unknown')} />
      )}
      <TextInput
        data-autofocus
        label={t('settings.calendars.name')}
        value={name}
        error={nameErrors?.[0]}
        onChange={(event) => setName(event.target.value)}
      />
      <FileButton
        accept=".ics,text/calendar"
        onChange={(chosen) => {
          setFile(chosen);
          setName((old) => old || (chosen?.name.replace(/\.ics$/i, '') ?? ''));
        }}
      >
        {(props) => (
          <button type="button" className="btn dashed" {...props}>
            <Icon of={IconUpload} />
            {file?.name ?? t('settings.calendars.import')}
          </button>
        )}
      </FileButton>
    </Dialog>
  );
}
