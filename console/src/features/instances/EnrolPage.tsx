import { SegmentedControl, Select } from '@mantine/core';
import { useIsMutating, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import { useCanWrite } from '../accounts/me';
import { sequencesQuery } from '../sequences/sequences';
import { EnrolFile } from './EnrolFile';
import { EnrolOne } from './EnrolOne';
import { enrolKey } from './enrolment';

/** Enrols one person, or many from a CSV file. */
export function EnrolPage() {
  const { sequence: chosen, file } = useSearch({ from: '/shell/enrol' });
  const navigate = useNavigate({ from: '/enrol' });
  const canWrite = useCanWrite();
  const { data, error, refetch } = useQuery(sequencesQuery);
  const busy = useIsMutating({ mutationKey: enrolKey }) > 0;
  const sequence = data?.find(({ id }) => id === chosen);
  return (
    <Page crumbs={[{ label: t('nav.people'), to: '/people' }, { label: t('enrol.crumb') }]}>
      <div className="answer">
        <div>
          <h1>{sequence ? t('enrol.title', { sequence: sequence.name }) : t('enrol.title.none')}</h1>
          {!canWrite && <p>{t('error.readOnlyKey')}</p>}
        </div>
      </div>
      {error && <ErrorNote error={error} retry={refetch} />}
      {!data && !error && <Bones rows={3} />}
      {data && canWrite && (
        <div className="filters fl">
          <Select
            className="wide-field"
            label={t('enrol.sequence')}
            searchable
            disabled={busy}
            allowDeselect={false}
            value={chosen ?? null}
            data={data.map(({ id, name }) => ({ value: id, label: name }))}
            onChange={(id) => navigate({ search: (old) => ({ ...old, sequence: id ?? undefined }) })}
          />
          <SegmentedControl
            aria-label={t('enrol.mode')}
            disabled={busy}
            value={file ? 'file' : 'one'}
            data={(['one', 'file'] as const).map((value) => ({ value, label: t(`enrol.mode.${value}`) }))}
            onChange={(value) => navigate({ search: (old) => ({ ...old, file: value === 'file' || undefined }) })}
          />
        </div>
      )}
      {sequence &&
        canWrite &&
        (file ? (
          <EnrolFile key={sequence.id} sequence={sequence} />
        ) : (
          <EnrolOne key={sequence.id} sequence={sequence} />
        ))}
    </Page>
  );
}
