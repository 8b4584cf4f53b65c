import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { number } from '../../i18n/time';
import { saveFile } from '../../ui/saveFile';
import { rejectedCsv, type Sheet } from './csv';
import type { Bulk } from './upload';

interface Props {
  sheet: Sheet;
  result: Bulk;
  /** Whether people were enrolled; otherwise it is a dry run. */
  done: boolean;
  sequence: Sequence;
}

const most = 100;

/** The counts of a file, and its rejected rows, which can be saved, fixed and enrolled again. */
export function BulkResult({ sheet, result, done, sequence }: Props) {
  const { total, enrolled, rejected, errors, warnings = [], columns = [] } = result;
  const counts = { total: number(total), enrolled: number(enrolled), rejected: number(rejected) };
  // The API lists the errors of the first rejected rows only.
  const listed = new Set(errors.map(({ line }) => line)).size;
  const save = async () => saveFile(await rejectedCsv(sheet.file, errors), `rejected-${sheet.file.name}`);
  return (
    <>
      <div className={rejected > 0 ? 'note warn' : 'note'} role="status">
        <span>
          <b>{t(done ? 'enrol.done.title' : 'enrol.check.title', counts)}</b> {!done && t('enrol.check.note')}{' '}
          {done && (
            <Link className="a" to="/sequences/$id/people" params={{ id: sequence.id }}>
              {t('enrol.people')}
            </Link>
          )}
        </span>
      </div>
      {!done && columns.length > 0 && (
        <p className="q xs">
          {columns.map(({ column, field }) => `${column} → ${field ?? t('enrol.field.ignore')}`).join(' · ')}
        </p>
      )}
      {warnings.map(({ line, code, message, rows }) => (
        <div key={`${code} ${line}`} className="note">
          {message} ({number(rows)})
        </div>
      ))}
      {errors.length > 0 && (
        <section className="panel" aria-label={t('enrol.rejected')}>
          <header className="ruled">
            <h2>{t('enrol.rejected')}</h2>
            <div className="end">
              <Button className="small" onClick={save}>
                {t('enrol.rejected.save')}
              </Button>
            </div>
          </header>
          {rejected > listed && (
            <p className="q in-pad">
              {t('enrol.rejected.first', { listed: number(listed), rejected: number(rejected) })}
            </p>
          )}
          <table className="t plain">
            <thead>
              <tr>
                <th scope="col">{t('enrol.line')}</th>
                <th scope="col">{t('enrol.reason')}</th>
              </tr>
            </thead>
            <tbody>
              {errors.slice(0, most).map(({ line, code, message }) => (
                <tr key={`${line} ${code} ${message}`}>
                  <td className="num">{number(line)}</td>
                  <td>{message}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </>
  );
}
