import { ApiError, sentence } from '../api/problem';
import { t } from '../i18n/messages';
import { StatusShape } from './StatusShape';

interface Props {
  error: unknown;
  /** What failed; the sentence of the error follows it. */
  title?: string;
  retry?: () => void;
}

/** What failed, what still works and what to do. The trace id is under Details. */
export function ErrorNote({ error, title = t('error.load'), retry }: Props) {
  const problem = error instanceof ApiError ? error.problem : null;
  const text = sentence(error);
  // The program answered that it could not read; workers send regardless of that. Offline and refused requests say nothing about sending.
  const unaffected = retry !== undefined && error instanceof ApiError && error.status === 503;
  return (
    <div className="note bad" role="alert">
      <StatusShape shape="failed" />
      <div className="grow">
        <b>{title}</b> {text === title ? '' : text} {unaffected && t('error.sendingUnaffected')}
        {problem && (
          <details className="xs">
            <summary>{t('error.details')}</summary>
            {problem.detail} <span className="mono">{t('error.traceId', { id: problem.traceId })}</span>
          </details>
        )}
        {retry && (
          <div>
            <button type="button" className="link" onClick={retry}>
              {t('error.tryAgain')}
            </button>
          </div>
        )}
      </div>
    </div>
  );
}
