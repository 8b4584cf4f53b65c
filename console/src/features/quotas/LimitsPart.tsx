import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { ApiError } from '../../api/problem';
import type { Limits } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { number } from '../../i18n/time';
import { Bones } from '../../ui/Bones';
import { ErrorNote } from '../../ui/ErrorNote';
import { told } from '../../ui/toasts';
import { useCanWrite } from '../accounts/me';
import { LimitRow } from './LimitRow';
import { changed, type LimitField, type LimitsInput, limitFields, limitsQuery, restored } from './limits';

interface Change {
  field: LimitField;
  change: (now: Limits) => LimitsInput;
}

/** The sending limits with today's use. Each field saves by itself. */
export function LimitsPart() {
  const canWrite = useCanWrite();
  const queries = useQueryClient();
  const { data: limits, error, refetch } = useQuery(limitsQuery);
  const save = useMutation({
    // One after the other: a request holds all limits, so each is built from those that the one before stored.
    scope: { id: 'limits' },
    mutationFn: async ({ change }: Change) => {
      const before = await queries.ensureQueryData(limitsQuery);
      return { before, saved: await answer(api.PUT('/api/limits', { body: change(before) })) };
    },
    onSuccess: ({ before, saved }, { field }) => {
      queries.setQueryData(limitsQuery.queryKey, saved);
      told(t('settings.limits.saved'), {
        label: t('common.undo'),
        run: () => save.mutate({ field, change: (now) => restored(now, field, before) }),
      });
    },
  });
  if (!limits) {
    return error ? <ErrorNote error={error} retry={refetch} /> : <Bones />;
  }

  const { mails, most, date } = limits.today;
  const fields = save.error instanceof ApiError ? save.error.fields : {};
  return (
    <>
      <div className="answer">
        <div>
          <h1>
            {most === null
              ? t('settings.limits.title', { n: mails })
              : t('settings.limits.title.max', { mails: number(mails), most: number(most) })}
          </h1>
          <p>{t('settings.limits.sub')}</p>
        </div>
      </div>
      {save.error && Object.keys(fields).length === 0 && <ErrorNote error={save.error} title={t('error.unknown')} />}
      <section className="panel" aria-label={t('settings.limits')}>
        {most !== null && (
          <div className="use">
            <span className="q">{t('settings.limits.use', { date })}</span>
            <div className="meter">
              <i style={{ width: `${Math.min(100, (mails / most) * 100)}%` }} />
            </div>
            <span className="num">{t('settings.limits.use.of', { mails: number(mails), most: number(most) })}</span>
          </div>
        )}
        {limitFields.map((field) => (
          <LimitRow
            key={field}
            field={field}
            limits={limits}
            readOnly={!canWrite}
            error={fields[apiField(field)]?.[0]}
            save={(text) => save.mutateAsync({ field, change: (now) => changed(now, field, text) })}
          />
        ))}
      </section>
    </>
  );
}

/** The name of a field in the API's errors. */
function apiField(field: LimitField): string {
  return field === 'rampStart' ? 'ramp.start' : field === 'rampPerDay' ? 'ramp.perDay' : field;
}
