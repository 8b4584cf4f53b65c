import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import type { Calendar } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Dialog } from '../../ui/Dialog';
import { EffectRows } from '../../ui/EffectRows';
import { ErrorNote } from '../../ui/ErrorNote';
import { told } from '../../ui/toasts';
import { calendarsQuery } from './calendars';

interface Props {
  calendar: Calendar;
  days: Calendar['days'];
  asking: 'save' | 'delete';
  close: () => void;
}

/** Confirms a changed calendar with the number of people whose date moves, or its deletion. */
export function CalendarDialogs({ calendar, days, asking, close }: Props) {
  const { id, name } = calendar;
  const queries = useQueryClient();
  const path = { calendar: id };
  const body = { name, days };
  const effect = useQuery({
    queryKey: ['calendars', id, 'effect', days],
    queryFn: async ({ signal }) => {
      const preview = await answer(
        api.PUT('/api/calendars/{calendar}', { params: { path, query: { dryRun: true } }, body, signal }),
      );
      return 'affected' in preview ? preview : null;
    },
    enabled: asking === 'save',
    gcTime: 0,
  });
  const done = (message: string) => {
    close();
    told(message);
    return queries.invalidateQueries(calendarsQuery);
  };
  const save = useMutation({
    mutationFn: () => answer(api.PUT('/api/calendars/{calendar}', { params: { path }, body })),
    onSuccess: () => done(t('settings.calendars.saved', { name })),
  });
  const remove = useMutation({
    mutationFn: () => answer(api.DELETE('/api/calendars/{calendar}', { params: { path } })).then(() => null),
    onSuccess: () => done(t('settings.calendars.deleted', { name })),
  });
  const error = effect.error ?? save.error ?? remove.error;
  const saving = asking === 'save';
  return (
    <Dialog
      opened
      close={close}
      title={saving ? t('settings.calendars.effect.title', { name }) : t('settings.calendars.delete', { name })}
      submit={
        saving
          ? { label: t('common.save'), run: () => save.mutate(), busy: save.isPending, disabled: effect.isPending }
          : { label: t('common.delete'), run: () => remove.mutate(), busy: remove.isPending, danger: true }
      }
    >
      {error && <ErrorNote error={error} title={t('error.unknown')} />}
      {!saving && <p>{t('settings.calendars.delete.text')}</p>}
      {effect.data && (
        <EffectRows
          rows={[
            { label: t('settings.calendars.effect.affected'), count: effect.data.affected },
            { label: t('settings.calendars.effect.earlier'), count: effect.data.earlier },
            { label: t('settings.calendars.effect.later'), count: effect.data.later },
          ]}
        />
      )}
    </Dialog>
  );
}
