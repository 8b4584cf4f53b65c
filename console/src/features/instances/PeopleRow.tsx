import { Checkbox } from '@mantine/core';
import { IconHourglass, IconMail, IconMessageDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Instance, Step } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Avatar } from '../../ui/Avatar';
import { DateTime } from '../../ui/DateTime';
import { Icon } from '../../ui/Icon';
import { Status } from '../../ui/Status';
import { StepMeter } from '../../ui/StepMeter';
import type { Selection } from './useSelection';
import { waitingFor } from './waiting';

interface Props {
  index: number;
  instance: Instance;
  /** The steps of its version; absent while they are not known. */
  steps?: Step[];
  selection: Selection | null;
  current: boolean;
  measure?: (row: Element | null) => void;
}

const icons = { EMAIL: IconMail, SMS: IconMessageDots, WAIT: IconHourglass };

export function PeopleRow({ index, instance, steps, selection, current, measure }: Props) {
  const { id, recipient, currentStep, nextDueAt, enrolledAt } = instance;
  const name = recipient.name ?? recipient.email;
  const picked = selection !== null && (selection.all || selection.ids.has(id));
  const waiting = waitingFor(instance);
  const step = steps?.[currentStep];
  return (
    <tr
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      className={[picked && 'picked', current && 'current'].filter(Boolean).join(' ') || undefined}
    >
      {selection && (
        <td>
          <Checkbox
            aria-label={t('people.select.one', { name })}
            checked={picked}
            disabled={selection.frozen}
            onChange={() => selection.toggle(id)}
          />
        </td>
      )}
      <td>
        <Link className="who" to="/instances/$id" params={{ id }}>
          <Avatar name={name} />
          <span>
            <b>{name}</b>
            {recipient.name && <small>{recipient.email}</small>}
          </span>
        </Link>
      </td>
      <td>
        <Status instance={instance} progress={steps ? currentStep / Math.max(1, steps.length) : 0} />
      </td>
      <td>
        {steps && (
          <span className="stp">
            <StepMeter current={currentStep} total={steps.length} running={instance.status === 'ACTIVE'} />
            {step && <Icon of={icons[step.type]} size={14} />}
            <em>{t('people.step', { step: Math.min(currentStep + 1, steps.length), total: steps.length })}</em>
          </span>
        )}
      </td>
      <td className={waiting ? undefined : 'none qq'}>
        {waiting ? (
          <span className={waiting.tone ? `wf per w-${waiting.tone}` : 'wf'}>
            <Icon of={waiting.icon} size={14} />
            <span className="clip">{waiting.text}</span>
          </span>
        ) : (
          t('common.none')
        )}
      </td>
      <td className={nextDueAt ? 'num nowrap' : 'num none qq'}>
        {nextDueAt ? <DateTime at={nextDueAt} recipientZone={recipient.timeZone} /> : t('common.none')}
      </td>
      <td className="n q">
        <DateTime at={enrolledAt} />
      </td>
    </tr>
  );
}
