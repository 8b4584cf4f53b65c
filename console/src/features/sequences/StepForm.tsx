import { Textarea, TextInput } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Step } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { WaitForm } from './WaitForm';

// CodeMirror is large and only this form needs it.
const LiquidField = lazy(() => import('./LiquidField'));

interface Props {
  index: number;
  step: Step;
  readOnly: boolean;
  errors: Record<string, string[]>;
  /** `field` is named for what is typed, which undo takes back at once. */
  change: (step: Step, field?: string) => void;
}

/** The fields of the selected step, with the server's errors at their fields. */
export function StepForm({ index, step, readOnly, errors, change }: Props) {
  const error = (field: string) => errors[`steps[${index}].${field}`]?.[0];
  return (
    <>
      <div className="hd">
        <h2>{t('editor.step', { step: index + 1 })}</h2>
      </div>
      <div className="form">
        {step.type === 'EMAIL' && (
          <>
            <TextInput
              label={t('editor.subject')}
              description={t('editor.subject.hint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              readOnly={readOnly}
              value={step.subject ?? ''}
              error={error('subject')}
              onChange={(event) => change({ ...step, subject: event.target.value }, 'subject')}
            />
            <Suspense fallback={<Bones rows={4} />}>
              <LiquidField
                label={t('editor.body')}
                hint={t('editor.body.hint')}
                readOnly={readOnly}
                value={step.body ?? ''}
                error={error('body')}
                change={(body) => change({ ...step, body }, 'body')}
              />
            </Suspense>
          </>
        )}
        {step.type === 'SMS' && (
          <Textarea
            label={t('editor.message')}
            autosize
            minRows={4}
            readOnly={readOnly}
            value={step.message}
            error={error('message')}
            onChange={(event) => change({ ...step, message: event.target.value }, 'message')}
          />
        )}
        {step.type === 'WAIT' && (
          <WaitForm
            step={step}
            readOnly={readOnly}
            error={error('delayDays') ?? error('delayBusinessDays') ?? error('delay')}
            change={change}
          />
        )}
        {step.type !== 'WAIT' && (
          <TextInput
            className="narrow"
            type="time"
            label={t('editor.at')}
            description={t('editor.at.hint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            readOnly={readOnly}
            value={step.at ?? ''}
            error={error('at')}
            onChange={(event) => change({ ...step, at: event.target.value || undefined }, 'at')}
          />
        )}
      </div>
    </>
  );
}
