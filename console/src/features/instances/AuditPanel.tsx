import { Button } from '@mantine/core';
import { IconRosetteDiscountCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { t } from '../../i18n/messages';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { StatusShape } from '../../ui/StatusShape';
import { checkQuery } from './person';

/** Recomputes the hash chain of the timeline on request. */
export function AuditPanel({ id }: { id: string }) {
  const { data, error, isFetching, refetch } = useQuery(checkQuery(id));
  return (
    <section className="panel">
      <header>
        {data ? <StatusShape shape={data.intact ? 'ok' : 'failed'} /> : <Icon of={IconRosetteDiscountCheck} />}
        <h2>{data ? t(data.intact ? 'audit.intact' : 'audit.broken') : t('person.audit.idle')}</h2>
        <div className="end">
          <Button className="ghost small" loading={isFetching} onClick={() => refetch()}>
            {t('person.audit.verify')}
          </Button>
        </div>
      </header>
      <div className="in-pad q xs">
        {error && <ErrorNote error={error} />}
        {!error && (data ? t('person.audit.text', { n: data.events }) : t('person.audit.idle.text'))}
        {data?.findings.map((finding) => (
          <p key={finding}>{finding}</p>
        ))}
      </div>
    </section>
  );
}
