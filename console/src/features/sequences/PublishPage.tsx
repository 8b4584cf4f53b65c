import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import { ApiError, sentence } from '../../api/problem';
import type { Plan } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { Empty } from '../../ui/Empty';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import { SequenceTabs } from '../../ui/SequenceTabs';
import { useOwner } from '../accounts/kept';
import { useCanWrite } from '../accounts/me';
import { type Draft, sent } from './draft';
import { MigrationProgress } from './MigrationProgress';
import { type Base, keepDraft, readDraft } from './openDraft';
import { PolicyChoice, type PolicyName } from './PolicyChoice';
import { StepDiff } from './StepDiff';
import { sequenceQuery } from './sequences';
import { usePublish } from './usePublish';

/** Who is affected by a new version: the changed steps, where people are, and how they continue. */
export function PublishPage() {
  const { id } = useParams({ from: '/shell/sequences/$id/publish' });
  const canWrite = useCanWrite();
  const owner = useOwner();
  const [open] = useState(() => readDraft(owner, id));
  const draft = open?.draft ?? null;
  const [base, setBase] = useState<Base | null>(open?.base ?? null);
  const [policy, setPolicy] = useState<PolicyName>('stay');
  // The draft is compared with what is published now, not with what the editor has loaded.
  const sequence = useQuery({ ...sequenceQuery(id), refetchOnMount: 'always' });
  const plan = useQuery({
    queryKey: ['sequence', id, 'plan', draft?.steps],
    queryFn: ({ signal }) =>
      answer(
        api.POST('/api/sequences/{id}/versions/plan', {
          params: { path: { id } },
          body: { steps: sent(draft?.steps ?? []) },
          signal,
        }),
      ),
    enabled: draft !== null,
  });
  const publish = usePublish(id, setBase);
  const name = sequence.data?.value.name ?? '';
  const renamed =
    draft !== null &&
    sequence.data !== undefined &&
    (draft.name !== name || draft.description !== (sequence.data.value.description ?? ''));
  const conflict =
    !publish.isPending &&
    !publish.data &&
    ((base !== null && sequence.data !== undefined && base.version !== sequence.data.value.version) ||
      (publish.error instanceof ApiError && publish.error.status === 412));
  const rebase = async () => {
    const { data } = await sequence.refetch();
    const compared = await plan.refetch();
    if (draft && data && compared.isSuccess) {
      const current = { version: data.value.version, etag: data.etag };
      keepDraft(owner, id, { draft, base: current });
      setBase(current);
      publish.reset();
    }
  };
  const ready = !conflict && plan.data && (plan.data.publishes || renamed) && !publish.data;

  return (
    <Page
      crumbs={[{ label: t('nav.sequences'), to: '/sequences' }, { label: name }, { label: t('publish.crumb') }]}
      tabs={<SequenceTabs id={id} />}
      actions={
        canWrite &&
        ready &&
        draft &&
        base && (
          <Button
            className="primary"
            loading={publish.isPending}
            onClick={() => publish.mutate({ draft, base, policy })}
          >
            {plan.data?.publishes ? t('publish.submit', { version: plan.data.version }) : t('common.save')}
          </Button>
        )
      }
    >
      <div className="answer">
        <div>
          <h1>{title(draft, plan.data)}</h1>
        </div>
      </div>
      {plan.error && <ErrorNote error={plan.error} title={sentence(plan.error)} retry={plan.refetch} />}
      {conflict && (
        <div className="note warn" role="alert">
          <span className="grow">{t('error.preconditionFailed')}</span>
          {canWrite && (
            <button type="button" className="link" onClick={rebase}>
              {t('publish.rebase')}
            </button>
          )}
        </div>
      )}
      {publish.error && !conflict && <ErrorNote error={publish.error} title={sentence(publish.error)} />}
      {draft === null && (
        <Empty
          action={
            <Link className="a" to="/sequences/$id/edit" params={{ id }}>
              {t('sequences.tab.edit')}
            </Link>
          }
        >
          {t('publish.title.noDraft')}
        </Empty>
      )}
      {draft && plan.isPending && <Bones />}
      {publish.data?.migration && <MigrationProgress sequence={id} id={publish.data.migration} />}
      {plan.data?.publishes && !publish.data && (
        <div className="stack">
          <StepDiff plan={plan.data} steps={draft?.steps ?? []} />
          {running(plan.data) > 0 && <PolicyChoice plan={plan.data} policy={policy} choose={setPolicy} />}
        </div>
      )}
    </Page>
  );
}

function running(plan: Plan): number {
  return plan.running.reduce((sum, { active, paused, failed }) => sum + active + paused + failed, 0);
}

function title(draft: Draft | null, plan: Plan | undefined): string {
  if (!plan) {
    return draft ? t('publish.crumb') : t('publish.title.noDraft');
  }
  if (!plan.publishes) {
    return t('publish.title.unchanged', { version: plan.version });
  }
  const n = running(plan);
  return n > 0 ? t('publish.title.people', { n }) : t('publish.title.none', { version: plan.version });
}
