import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { t } from '../../i18n/messages';
import { Avatar } from '../../ui/Avatar';
import { Bones } from '../../ui/Bones';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import { Status } from '../../ui/Status';
import { useZone } from '../../ui/useZone';
import { useCanWrite } from '../accounts/me';
import { sequenceNamesQuery } from '../sequences/sequences';
import { AuditPanel } from './AuditPanel';
import { PersonActions } from './PersonActions';
import { PersonDetails } from './PersonDetails';
import { instanceQuery, timelineQuery, versionQuery, whyQuery } from './person';
import { whySentence } from './sentence';
import { Timeline } from './Timeline';

/** Why nothing is being sent to a person, or what is sent next: one sentence, then everything from enrolment to the last step. */
export function PersonPage() {
  const { id } = useParams({ from: '/shell/instances/$id' });
  const instance = useQuery(instanceQuery(id));
  const why = useQuery(whyQuery(id));
  const events = useQuery(timelineQuery(id));
  const sequences = useQuery(sequenceNamesQuery);
  const { sequenceId = '', version: number = 0 } = instance.data ?? {};
  const version = useQuery({ ...versionQuery(sequenceId, number), enabled: instance.data !== undefined });
  const canWrite = useCanWrite();
  const zone = useZone(instance.data?.recipient.timeZone);

  const person = instance.data;
  const name = person?.recipient.name ?? person?.recipient.email ?? t('person.crumb');
  const crumbs = [{ label: t('nav.people'), to: '/people' }, { label: name }];
  const error = instance.error ?? why.error;
  if (!person || !why.data) {
    return (
      <Page crumbs={crumbs}>
        {error ? <ErrorNote error={error} retry={() => Promise.all([instance.refetch(), why.refetch()])} /> : <Bones />}
      </Page>
    );
  }

  const steps = version.data?.steps ?? [];
  const sequence = sequences.data?.find((one) => one.id === person.sequenceId);
  const at = { step: Math.min(person.currentStep + 1, Math.max(1, steps.length)), total: steps.length };
  return (
    <Page crumbs={crumbs} recipient>
      <div className="ident">
        <Avatar name={name} size="big" />
        <span className="nm">
          <b>{name}</b>
          <span className="q">{person.recipient.email}</span>
        </span>
        <Status
          pill
          instance={person}
          progress={steps.length > 0 ? person.currentStep / steps.length : 0}
          detail={person.status === 'ACTIVE' && steps.length > 0 ? t('person.detail.step', at) : undefined}
        />
        <span className="end">
          <Link className="tag line" to="/sequences/$id/people" params={{ id: person.sequenceId }}>
            {t('person.version', { name: sequence?.name ?? '', version: person.version })}
          </Link>
        </span>
      </div>
      <div className="answer">
        <div>
          <h1>{whySentence({ why: why.data, instance: person, steps, zone })}</h1>
        </div>
      </div>
      <div className="pp">
        <section aria-label={t('person.timeline')}>
          {events.error && !events.data && <ErrorNote error={events.error} retry={events.refetch} />}
          {events.isPending && <Bones />}
          {events.data && <Timeline events={events.data} why={why.data} steps={steps} instance={person} zone={zone} />}
        </section>
        <aside className="rail" aria-label={t('person.rail')}>
          {canWrite && <PersonActions instance={person} why={why.data} />}
          <PersonDetails instance={person} />
          <AuditPanel id={person.id} />
        </aside>
      </div>
    </Page>
  );
}
