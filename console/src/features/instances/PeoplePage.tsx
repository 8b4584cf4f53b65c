import { useQuery } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { t } from '../../i18n/messages';
import { Page } from '../../ui/Page';
import { SequenceTabs } from '../../ui/SequenceTabs';
import { sequenceNamesQuery } from '../sequences/sequences';
import { EnrolButton } from './EnrolButton';
import { PeopleList } from './PeopleList';

/** Where everyone is, and who is stuck. */
export function PeoplePage() {
  const search = useSearch({ from: '/shell/people' });
  return (
    <Page tall crumbs={[{ label: t('nav.people') }]} actions={<EnrolButton sequence={search.sequence} />}>
      <PeopleList search={search} />
    </Page>
  );
}

/** The people of one sequence. */
export function SequencePeoplePage() {
  const { id } = useParams({ from: '/shell/sequences/$id/people' });
  const search = useSearch({ from: '/shell/sequences/$id/people' });
  const { data } = useQuery(sequenceNamesQuery);
  const sequence = data?.find((one) => one.id === id);
  const crumbs = [{ label: t('nav.sequences'), to: '/sequences' }, { label: sequence?.name ?? t('nav.people') }];
  return (
    <Page tall crumbs={crumbs} tabs={<SequenceTabs id={id} />} actions={<EnrolButton sequence={id} />}>
      <PeopleList search={{ ...search, sequence: id }} within={sequence} />
    </Page>
  );
}
