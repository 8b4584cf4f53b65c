import { ActionIcon, Button, SegmentedControl } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState } from 'react';
import type { SequenceDetail } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';
import { Page } from '../../ui/Page';
import { SequenceTabs } from '../../ui/SequenceTabs';
import { useCanWrite } from '../accounts/me';
import { DraftNote } from './DraftNote';
import { EditorPreview } from './EditorPreview';
import { SequenceFields } from './SequenceFields';
import { StepForm } from './StepForm';
import { StepList } from './StepList';
import { useCreateSequence } from './useCreateSequence';
import { useDraft } from './useDraft';
import { usePreview } from './usePreview';

type Pane = 'steps' | 'write' | 'result';

/** The editor of a sequence: steps, the selected step, and what one person would get. */
export function Editor({ sequence, etag }: { sequence: SequenceDetail | null; etag: string | null }) {
  const canWrite = useCanWrite();
  const navigate = useNavigate();
  const history = useDraft(sequence, etag);
  const { value: draft, change } = history;
  const [at, setAt] = useState(0);
  const [pane, setPane] = useState<Pane>('steps');
  const [email, setEmail] = useState('');
  const preview = usePreview(draft, sequence, email);
  const create = useCreateSequence();
  const selected = Math.min(at, draft.steps.length - 1);
  const step = draft.steps[selected];

  const publish = () => {
    if (sequence) {
      void navigate({ to: '/sequences/$id/publish', params: { id: sequence.id } });
    } else if (!create.isPending) {
      create.mutate(draft);
    }
  };
  const keys = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.metaKey || event.ctrlKey)) {
      return;
    }
    // CodeMirror has its own history and stops the event.
    if (event.key.toLowerCase() === 'z') {
      event.preventDefault();
      (event.shiftKey ? history.redo : history.undo)();
    } else if (event.key === 'Enter' && canWrite) {
      event.preventDefault();
      if (!event.repeat) {
        publish();
      }
    }
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => !event.defaultPrevented && keys(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);

  return (
    <Page
      tall
      recipient
      crumbs={[{ label: t('nav.sequences'), to: '/sequences' }, { label: sequence?.name ?? t('editor.crumb.new') }]}
      tabs={sequence && <SequenceTabs id={sequence.id} />}
      actions={
        canWrite && (
          <>
            <ActionIcon
              variant="transparent"
              aria-label={t('editor.undo')}
              disabled={!history.canUndo}
              onClick={history.undo}
            >
              <Icon of={IconArrowBackUp} />
            </ActionIcon>
            <ActionIcon
              variant="transparent"
              aria-label={t('editor.redo')}
              disabled={!history.canRedo}
              onClick={history.redo}
            >
              <Icon of={IconArrowForwardUp} />
            </ActionIcon>
            <Button className="primary" loading={create.isPending} onClick={publish}>
              {t(sequence ? 'editor.publish' : 'editor.create')}
            </Button>
          </>
        )
      }
    >
      <h1 className="sr">{t('editor.title.short', { n: draft.steps.length })}</h1>
      {history.restored && <DraftNote savedAt={history.restored} discard={history.discard} />}
      <div className="phone-switch">
        <SegmentedControl
          fullWidth
          aria-label={t('editor.pane')}
          value={pane}
          data={[
            { value: 'steps', label: t('editor.pane.steps') },
            { value: 'write', label: t('editor.pane.step') },
            { value: 'result', label: t('editor.pane.result') },
          ]}
          onChange={(value) => setPane(value as Pane)}
        />
      </div>
      <div className="ed" data-pane={pane}>
        <section className="list" aria-label={t('editor.steps')}>
          <SequenceFields
            draft={draft}
            change={change}
            readOnly={!canWrite}
            errors={{ ...create.fields, ...preview.fields }}
          />
          <StepList
            steps={draft.steps}
            at={selected}
            errors={preview.fields}
            readOnly={!canWrite}
            select={(index) => {
              setAt(index);
              setPane('write');
            }}
            change={(steps, index) => {
              change({ steps });
              setAt(index);
            }}
          />
        </section>
        <section className="write" aria-label={t('editor.step', { step: selected + 1 })}>
          {step && (
            <StepForm
              key={step.key}
              index={selected}
              step={step}
              readOnly={!canWrite}
              errors={{ ...create.fields, ...preview.fields }}
              change={(changed, field) =>
                change(
                  { steps: draft.steps.map((one) => (one.key === step.key ? { ...changed, key: one.key } : one)) },
                  field && `${step.key} ${field}`,
                )
              }
            />
          )}
        </section>
        <section className="res" aria-label={t('editor.preview')}>
          <EditorPreview preview={preview} email={email} setEmail={setEmail} only={selected} />
        </section>
      </div>
    </Page>
  );
}
