import { Button } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { t } from '../../i18n/messages';
import { day, inSentence, time } from '../../i18n/time';
import { Bones } from '../../ui/Bones';
import { Dialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { failed, told } from '../../ui/toasts';
import { useZone } from '../../ui/useZone';
import { useCanWrite } from '../accounts/me';
import { Outbox } from './Outbox';
import { clockQuery, moveClock } from './sandbox';

export function TimeMachine() {
  const zone = useZone();
  const canWrite = useCanWrite();
  const queries = useQueryClient();
  const { data: clock, error, refetch } = useQuery(clockQuery);
  const [emptying, setEmptying] = useState(false);
  const move = useMutation({
    mutationFn: moveClock,
    onSuccess: ({ steps: n, arrived }) => told(t(arrived ? 'sandbox.moved' : 'sandbox.stopped', { n })),
    onError: failed,
    // Everything in the sandbox may have changed.
    onSettled: () => queries.invalidateQueries(),
  });
  const empty = useMutation({
    mutationFn: () => answer(api.DELETE('/api/sandbox')).then(() => null),
    onSuccess: () => told(t('sandbox.emptied')),
    onError: failed,
    onSettled: () => {
      setEmptying(false);
      return queries.invalidateQueries();
    },
  });
  if (!clock) {
    return error ? <ErrorNote error={error} retry={refetch} /> : <Bones rows={3} />;
  }

  const { now, nextDueAt } = clock;
  const steps = [
    { label: t('sandbox.hour'), to: { advance: 'PT1H' } },
    { label: t('sandbox.day'), to: { advance: 'P1D' } },
    { label: t('sandbox.week'), to: { advance: 'P7D' } },
  ];
  return (
    <>
      <div className="answer">
        <div>
          <h1>
            {nextDueAt
              ? t('sandbox.title.next', { date: inSentence(now, zone), next: inSentence(nextDueAt, zone) })
              : t('sandbox.title', { date: inSentence(now, zone) })}
          </h1>
        </div>
        {canWrite && (
          <div className="acts">
            <Button onClick={() => setEmptying(true)}>{t('sandbox.empty')}</Button>
          </div>
        )}
      </div>
      <section className="tm" aria-label={t('sandbox.clock')}>
        <div className="clk">
          <div>
            <div className="k">
              <Icon of={IconFlask} />
              {t('sandbox.clock')}
            </div>
            <div className="big">
              {time(now, zone)}
              <small>{day(now, zone)}</small>
            </div>
          </div>
          {canWrite && (
            <div className="go">
              {steps.map(({ label, to }) => (
                <Button key={label} disabled={move.isPending} onClick={() => move.mutate(to)}>
                  {label}
                </Button>
              ))}
              <Button
                className="primary"
                loading={move.isPending}
                disabled={!nextDueAt}
                onClick={() => nextDueAt && move.mutate({ to: nextDueAt })}
              >
                {t('sandbox.next')}
              </Button>
            </div>
          )}
        </div>
        <Outbox zone={zone} />
      </section>
      {emptying && (
        <Dialog
          opened
          close={() => setEmptying(false)}
          title={t('sandbox.empty')}
          submit={{ label: t('sandbox.empty'), danger: true, busy: empty.isPending, run: () => empty.mutate() }}
        >
          <p>{t('sandbox.empty.text')}</p>
        </Dialog>
      )}
    </>
  );
}
