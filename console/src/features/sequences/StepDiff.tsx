import type { Plan, Step } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { stepTitle } from './StepCard';

const tones = { unchanged: 'tag line', edited: 'tag warn', moved: 'tag blue', added: 'tag ok', removed: 'tag bad' };

/** What changes from the current version to the draft, step by step. */
export function StepDiff({ plan, steps }: { plan: Plan; steps: Step[] }) {
  return (
    <section className="panel" aria-label={t('publish.changes')}>
      <header className="ruled">
        <h2>{t('publish.changes')}</h2>
      </header>
      <table className="t plain">
        <tbody>
          {plan.changes.map(({ id, type, change, from, to, fields }) => {
            const step = to === null ? undefined : steps[to];
            return (
              <tr key={`${id} ${from} ${to}`}>
                <td className="num q">{to === null ? t('common.none') : to + 1}</td>
                <td className={change === 'removed' ? 'q' : 'p'}>
                  {step
                    ? stepTitle(step)
                    : t('publish.where.step', { step: (from ?? 0) + 1, version: plan.version - 1 })}
                  {!step && <span className="qq"> {type}</span>}
                </td>
                <td className="n">
                  {fields.length > 0 && <span className="xs qq">{fields.join(', ')} </span>}
                  <span className={tones[change]}>{t(`change.${change}`)}</span>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
