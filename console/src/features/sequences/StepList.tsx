import { Menu } from '@mantine/core';
import { IconHourglass, IconMail, IconMessageDots, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';
import { addedStep, type DraftStep, moved } from './draft';
import { StepCard } from './StepCard';

interface Props {
  steps: DraftStep[];
  at: number;
  errors: Record<string, string[]>;
  readOnly: boolean;
  select: (index: number) => void;
  change: (steps: DraftStep[], at: number) => void;
}

const types = [
  { type: 'EMAIL', label: 'editor.step.email', icon: IconMail },
  { type: 'SMS', label: 'editor.step.sms', icon: IconMessageDots },
  { type: 'WAIT', label: 'editor.step.wait', icon: IconHourglass },
] as const;

const most = 50;

/** The steps in order. Alt and the arrow keys move the selected one, which is announced. */
export function StepList({ steps, at, errors, readOnly, select, change }: Props) {
  const [announced, setAnnounced] = useState('');
  const move = (from: number, to: number) => {
    const next = moved(steps, from, to);
    if (next !== steps) {
      change(next, to);
      setAnnounced(t('editor.moved', { from: from + 1, to: to + 1, total: steps.length }));
    }
  };
  const remove = (index: number) => {
    change(
      steps.filter((_, other) => other !== index),
      Math.max(0, index - 1),
    );
    setAnnounced(t('editor.removed', { step: index + 1 }));
  };
  return (
    <div className="steps">
      <ol>
        {steps.map((step, index) => (
          <StepCard
            key={step.key}
            step={step}
            index={index}
            total={steps.length}
            on={index === at}
            wrong={Object.keys(errors).some((path) => path.startsWith(`steps[${index}]`))}
            readOnly={readOnly}
            select={() => select(index)}
            move={(to) => move(index, to)}
            remove={() => remove(index)}
          />
        ))}
      </ol>
      {!readOnly && steps.length < most && (
        <div className="addstep">
          <Menu position="bottom-start" shadow="md">
            <Menu.Target>
              <button type="button" className="btn small dashed">
                <Icon of={IconPlus} />
                {t('editor.add')}
              </button>
            </Menu.Target>
            <Menu.Dropdown>
              {types.map(({ type, label, icon }) => (
                <Menu.Item
                  key={type}
                  leftSection={<Icon of={icon} />}
                  onClick={() =>
                    change(
                      [...steps.slice(0, at + 1), addedStep(type), ...steps.slice(at + 1)],
                      Math.min(at + 1, steps.length),
                    )
                  }
                >
                  {t(label)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        </div>
      )}
      <div className="sr" role="status">
        {announced}
      </div>
    </div>
  );
}
