import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { ErrorNote } from '../../ui/ErrorNote';
import { useZone } from '../../ui/useZone';
import { PreviewSteps } from '../preview/PreviewSteps';
import { type Enrolment, enrolment } from './enrolment';

const address = /^\S+@\S+\.\S+$/;

/** The dates and texts that the person in the form would get. */
export function EnrolPreview({ sequence, form }: { sequence: Sequence; form: Enrolment }) {
  const zone = useZone(form.timeZone);
  const [asked] = useDebouncedValue(form, 300);
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['preview', sequence.id, sequence.version, asked],
    queryFn: ({ signal }) =>
      answer(
        api.POST('/api/sequences/{id}/preview', {
          params: { path: { id: sequence.id } },
          body: enrolment(asked),
          signal,
        }),
      ),
    enabled: address.test(asked.email ?? ''),
    placeholderData: (old) => old,
  });
  return (
    <section className="panel preview-panel" aria-label={t('enrol.preview')} data-stale={isPlaceholderData}>
      <header className="ruled">
        <h2>{t('enrol.preview')}</h2>
      </header>
      <div className="pad">
        {error && <ErrorNote error={error} />}
        {!data && !error && <p className="q">{t('enrol.preview.idle')}</p>}
        {data && <PreviewSteps preview={data} to={asked.email ?? ''} zone={zone} />}
      </div>
    </section>
  );
}
