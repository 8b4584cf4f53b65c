import { Button, FileButton } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type DragEvent, useState } from 'react';
import type { Sequence } from '../../api/schemas';
import { locale, t } from '../../i18n/messages';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { BulkResult } from './BulkResult';
import { ColumnTable } from './ColumnTable';
import { mapOf, readColumns, type Sheet } from './csv';
import { enrolKey } from './enrolment';
import { type Bulk, upload } from './upload';

/** Many people from a CSV file: columns, a dry run by the server, the upload, and the rejected rows. */
export function EnrolFile({ sequence }: { sequence: Sequence }) {
  const queries = useQueryClient();
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [chosen, setChosen] = useState<Record<number, string>>({});
  const [sent, setSent] = useState(0);
  const [done, setDone] = useState<Bulk | null>(null);
  const send = (dryRun: boolean) => {
    setSent(0);
    return upload({
      sequence: sequence.id,
      file: sheet?.file ?? new File([], ''),
      map: mapOf(chosen),
      dryRun,
      progress: setSent,
    });
  };
  const check = useMutation({ mutationKey: enrolKey, mutationFn: () => send(true) });
  const enrol = useMutation({
    mutationKey: enrolKey,
    mutationFn: () => send(false),
    onSuccess: (result) => {
      setDone(result);
      return Promise.all([
        queries.invalidateQueries({ queryKey: ['people'] }),
        queries.invalidateQueries({ queryKey: ['sequences'] }),
      ]);
    },
  });
  const take = async (file: File | null | undefined) => {
    setDone(null);
    check.reset();
    enrol.reset();
    setChosen({});
    setSheet(file ? await readColumns(file) : null);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take(event.dataTransfer.files[0]);
  };
  const busy = check.isPending || enrol.isPending;
  const percent = new Intl.NumberFormat(locale, { style: 'percent' }).format(sent);

  if (!sheet) {
    return (
      <section
        className="dropzone"
        aria-label={t('enrol.mode.file')}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
      >
        <Icon of={IconUpload} size={20} />
        <p>{t('enrol.drop')}</p>
        <p className="q xs">{t('enrol.file.sub')}</p>
        <FileButton accept=".csv,text/csv" onChange={take}>
          {(props) => (
            <Button className="primary" {...props}>
              {t('enrol.choose')}
            </Button>
          )}
        </FileButton>
      </section>
    );
  }
  const result = done ?? check.data;
  return (
    <div className="stack">
      <div className="row between wrap">
        <b>{sheet.file.name}</b>
        <Button className="ghost" disabled={busy} onClick={() => take(null)}>
          {t('enrol.another')}
        </Button>
      </div>
      {!done && (
        <ColumnTable
          columns={sheet.columns}
          chosen={chosen}
          disabled={busy}
          choose={(index, field) => {
            check.reset();
            setChosen({ ...chosen, [index]: field });
          }}
        />
      )}
      {check.error && <ErrorNote error={check.error} title={t('error.unknown')} />}
      {enrol.error && <ErrorNote error={enrol.error} title={t('error.unknown')} />}
      {busy && (
        <div className="note" role="status">
          {t(check.isPending ? 'enrol.checking' : 'enrol.uploading', { file: sheet.file.name, percent })}
        </div>
      )}
      {result && <BulkResult sheet={sheet} result={result} done={done !== null} sequence={sequence} />}
      {!done && (
        <div className="row">
          <Button
            loading={check.isPending}
            disabled={enrol.isPending}
            onClick={() => check.mutate()}
            className={check.data ? undefined : 'primary'}
          >
            {t('enrol.check')}
          </Button>
          {check.data && check.data.enrolled > 0 && (
            <Button className="primary" loading={enrol.isPending} onClick={() => enrol.mutate()}>
              {t('enrol.all', { n: check.data.enrolled })}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
