import type { Try } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { duration, exactTime, type Zone } from '../../i18n/time';
import { type Shape, StatusShape } from '../../ui/StatusShape';

const shapes: Record<Try['outcome'], Shape> = {
  sending: 'active',
  accepted: 'ok',
  rejected: 'failed',
  retryable: 'warn',
  inDoubt: 'doubt',
};

/** The attempts to hand a message to its provider. */
export function Attempts({ tries, zone }: { tries: Try[]; zone: Zone }) {
  return (
    <ol className="tries" aria-label={t('person.attempts')}>
      {tries.map(({ attemptId, outcome, startedAt, finishedAt, error }) => (
        <li key={attemptId}>
          <StatusShape shape={shapes[outcome]} />
          <span className="num mono">{exactTime(startedAt, zone)}</span>
          <span>{t(`attempt.${outcome}`, { error: error ?? '' })}</span>
          <span className="end">
            {finishedAt && duration(new Date(finishedAt).getTime() - new Date(startedAt).getTime())}
          </span>
        </li>
      ))}
    </ol>
  );
}
