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
import { changed, limitFields, limitsQuery } from './limits';

/** The sending limits with today's use. Each field saves by itself. */
export function LimitsPart() {
  const canWrite = useCanWrite();
  const queries = useQueryClient();
  const { data: limits, error, refetch } = useQuery(limitsQuery);
  const save = useMutation({
    mutationFn: (body: Omit<Limits, 'today'>) => answer(api.PUT('/api/limits', { body })),
    onMutate: () => queries.getQueryData(limitsQuery.queryKey),
    onSuccess: (saved, _, before) => {
      queries.setQueryData(limitsQuery.queryKey, saved);
      told(t('settings.limits.saved'), {
        label: t('common.undo'),
        run: () => {
          if (before) {
            const { today: _today, ...old } = before;
            save.mutate(old);
          }
        },
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
      {save.error && Object.keys(fields).length === 0 && <ErrorNote error={save.error} />}
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
            save={(text) => save.mutate(changed(limits, field, text))}
          />
        ))}
      </section>
    </>
  );
}

/** The name of a field in the API's errors. */
function apiField(field: (typeof limitFields)[number]): string {
  return field === 'rampStart' ? 'ramp.start' : field === 'rampPerDay' ? 'ramp.perDay' : field;
}
