import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconHourglass, IconMail, IconMessageDots, IconX } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import type { Step } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';
import { readWait } from './draft';

interface Props {
  step: Step;
  index: number;
  total: number;
  on: boolean;
  wrong: boolean;
  readOnly: boolean;
  select: () => void;
  move: (to: number) => void;
  remove: () => void;
}

const icons = { EMAIL: IconMail, SMS: IconMessageDots, WAIT: IconHourglass };

export function StepCard({ step, index, total, on, wrong, readOnly, select, move, remove }: Props) {
  const press = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    if (event.altKey && by !== 0 && !readOnly) {
      event.preventDefault();
      move(index + by);
    }
  };
  const number = { step: index + 1 };
  return (
    <li className={['step', on && 'on', step.type === 'WAIT' && 'step-wait'].filter(Boolean).join(' ')}>
      <button type="button" aria-current={on ? 'step' : undefined} onClick={select} onKeyDown={press}>
        <span className="node">
          <Icon of={icons[step.type]} />
        </span>
        <span className="tx">
          <b>{stepTitle(step)}</b>
          <small>
            {t('editor.step', number)}
            {wrong && <span className="tag bad">!</span>}
          </small>
        </span>
      </button>
      {!readOnly && on && (
        <span className="step-tools">
          <ActionIcon
            variant="transparent"
            aria-label={t('editor.up', number)}
            disabled={index === 0}
            onClick={() => move(index - 1)}
          >
            <Icon of={IconChevronUp} size={14} />
          </ActionIcon>
          <ActionIcon
            variant="transparent"
            aria-label={t('editor.down', number)}
            disabled={index === total - 1}
            onClick={() => move(index + 1)}
          >
            <Icon of={IconChevronDown} size={14} />
          </ActionIcon>
          <ActionIcon
            variant="transparent"
            aria-label={t('editor.remove', number)}
            disabled={total === 1}
            onClick={remove}
          >
            <Icon of={IconX} size={14} />
          </ActionIcon>
        </span>
      )}
    </li>
  );
}

/** The subject, the message or the length of a step. */
export function stepTitle(step: Step): string {
  if (step.type === 'EMAIL') {
    return step.subject || (step.body ? t('editor.step.reply') : t('editor.step.default'));
  }
  if (step.type === 'SMS') {
    return step.message || t('editor.step.sms');
  }
  const { unit, value } = readWait(step);
  return unit === 'iso' ? value : t(`editor.wait.chip.${unit}`, { n: Number(value) });
}
