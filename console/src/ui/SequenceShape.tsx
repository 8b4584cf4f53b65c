import { IconMail, IconMessageDots } from '@tabler/icons-react';
import type { Step } from '../api/schemas';
import { t } from '../i18n/messages';
import { Icon } from './Icon';

/** The steps of a sequence as a line of icons. */
export function SequenceShape({ steps }: { steps: Step[] }) {
  const label = steps.map((step) => t(`shape.${step.type}`)).join(', ');
  return (
    <span className="shape" role="img" aria-label={label}>
      {steps.map((step, index) => {
        const key = step.id ?? index;
        return step.type === 'WAIT' ? (
          <i key={key} />
        ) : (
          <Icon key={key} of={step.type === 'EMAIL' ? IconMail : IconMessageDots} size={14} />
        );
      })}
    </span>
  );
}
