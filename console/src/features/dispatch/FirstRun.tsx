import { Button } from '@mantine/core';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type MessageKey, t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';
import { useCanWrite } from '../accounts/me';
import { EnrolButton } from '../instances/EnrolButton';
import { TemplateCards } from '../sequences/TemplateCards';
import { type FirstRun as First, useFirstRun } from './firstSteps';

interface Step {
  name: 'write' | 'preview' | 'on' | 'enrol' | 'watch';
  done: boolean;
  action: ReactNode;
}

/** Five steps from nothing to the first message. They tick themselves. */
export function FirstRun({ first: { sequence, on, enrolled } }: { first: First }) {
  const canWrite = useCanWrite();
  const { previewed, preview, hide } = useFirstRun();
  const steps: Step[] = [
    { name: 'write', done: sequence !== null, action: <Write /> },
    {
      name: 'preview',
      done: previewed || enrolled,
      action: sequence && (
        <Button
          renderRoot={(props) => <Link to="/sequences/$id/edit" params={{ id: sequence.id }} {...props} />}
          className="small"
          onClick={preview}
        >
          {t('first.preview.do')}
        </Button>
      ),
    },
    {
      name: 'on',
      done: on,
      action: (
        <Button component={Link} to="/sequences" className="small">
          {t('first.on.do')}
        </Button>
      ),
    },
    { name: 'enrol', done: enrolled, action: <EnrolButton sequence={sequence?.id} /> },
    { name: 'watch', done: false, action: null },
  ];
  const current = steps.findIndex(({ done }) => !done);
  const done = steps.filter((step) => step.done).length;
  return (
    <section className="todo" aria-label={t('first.label')}>
      <div className="top">
        <span className="meter">
          <i style={{ width: `${(100 * done) / steps.length}%` }} />
        </span>
        <span className="q">{t('first.done', { n: done })}</span>
        <Button className="small ghost" onClick={hide}>
          {t('first.hide')}
        </Button>
      </div>
      <ol>
        {steps.map((step, index) => (
          <li key={step.name} className={step.done ? 'done' : index === current ? 'cur' : undefined}>
            <span className="n">{step.done ? <Icon of={IconCheck} size={14} /> : index + 1}</span>
            <div>
              <h2>{t(`first.${step.name}`)}</h2>
              <p>{t(`first.${step.name}.text` satisfies MessageKey)}</p>
              {index === current && canWrite && <div className="do">{step.action}</div>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Write() {
  return (
    <>
      <TemplateCards />
      <Button component={Link} to="/sequences/new" className="small" leftSection={<Icon of={IconPlus} />}>
        {t('first.scratch')}
      </Button>
    </>
  );
}
