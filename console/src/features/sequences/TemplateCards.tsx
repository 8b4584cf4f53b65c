import { t } from '../../i18n/messages';
import { SequenceShape } from '../../ui/SequenceShape';
import { withKeys } from './draft';
import { templates } from './templates';
import { useCreateSequence } from './useCreateSequence';

/** Sequences to start from. Choosing one creates it and opens the editor. */
export function TemplateCards() {
  const create = useCreateSequence();
  return (
    <div className="tpls">
      {templates().map(({ name, description, steps }) => (
        <button
          key={name}
          type="button"
          className="tpl"
          disabled={create.isPending}
          onClick={() => create.mutate({ name, description, steps: withKeys(steps) })}
        >
          <b>{name}</b>
          <SequenceShape steps={steps} />
          <span>{description}</span>
          <em>
            {t('first.steps', {
              n: steps.length,
              days: steps.reduce((sum, step) => sum + (step.type === 'WAIT' ? (step.delayDays ?? 0) : 0), 0),
            })}
          </em>
        </button>
      ))}
    </div>
  );
}
