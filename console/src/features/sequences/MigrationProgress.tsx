import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { answer, api } from '../../api/client';
import { t } from '../../i18n/messages';
import { number } from '../../i18n/time';
import { failed } from '../../ui/toasts';

/** The progress of moving people to another version, with stop and continue. */
export function MigrationProgress({ sequence, id }: { sequence: string; id: string }) {
  const params = { path: { id: sequence, migrationId: id } };
  const { data, refetch } = useQuery({
    queryKey: ['sequence', sequence, 'migration', id],
    queryFn: ({ signal }) => answer(api.GET('/api/sequences/{id}/migrations/{migrationId}', { params, signal })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? 700 : false),
  });
  const steer = useMutation({
    mutationFn: () =>
      answer(
        data?.state === 'running'
          ? api.POST('/api/sequences/{id}/migrations/{migrationId}/stop', { params })
          : api.POST('/api/sequences/{id}/migrations/{migrationId}/continue', { params }),
      ),
    onError: failed,
    onSettled: () => refetch(),
  });
  if (!data) {
    return null;
  }
  const { version, state, total, moved, ended, stayed, waiting, lastError } = data;
  const done = moved + ended + stayed;
  return (
    <section className="panel" aria-label={t('publish.migration', { version })}>
      <header>
        <h2>{t('publish.migration', { version })}</h2>
        <span className="tag">{t(`migration.${state}`)}</span>
        <div className="end">
          {state !== 'completed' && (
            <Button className="small" loading={steer.isPending} onClick={() => steer.mutate()}>
              {t(state === 'running' ? 'publish.stop' : 'publish.continue')}
            </Button>
          )}
        </div>
      </header>
      <div className="in-pad stack">
        <div className={state === 'completed' ? 'meter ok' : 'meter'}>
          <i style={{ width: `${state === 'completed' ? 100 : total ? Math.min(100, (done / total) * 100) : 0}%` }} />
        </div>
        <p className="q" role="status">
          {t('publish.progress', { moved: number(moved), stayed: number(stayed), waiting: number(waiting) })}
        </p>
        {lastError && <p className="q">{lastError}</p>}
      </div>
    </section>
  );
}
