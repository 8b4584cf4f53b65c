import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import { Editor } from './Editor';
import { sequenceQuery } from './sequences';

/** What the recipients get, and when. */
export function EditorPage() {
  const { id } = useParams({ from: '/shell/sequences/$id/edit' });
  // A draft begins from what the editor shows first, so that must not be a response that the cache still has.
  const { data, error, refetch, isFetchedAfterMount } = useQuery({ ...sequenceQuery(id), refetchOnMount: 'always' });
  if (!data || !isFetchedAfterMount) {
    return (
      <Page crumbs={[{ label: t('nav.sequences'), to: '/sequences' }]}>
        {error ? <ErrorNote error={error} retry={refetch} /> : <Bones />}
      </Page>
    );
  }
  return <Editor key={id} sequence={data.value} etag={data.etag} />;
}

export function NewSequencePage() {
  return <Editor sequence={null} etag={null} />;
}
