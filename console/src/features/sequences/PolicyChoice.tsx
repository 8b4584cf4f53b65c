import type { Plan } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { number } from '../../i18n/time';

export type PolicyName = 'stay' | 'content' | 'map';

interface Props {
  plan: Plan;
  policy: PolicyName;
  choose: (policy: PolicyName) => void;
}

const policies: PolicyName[] = ['stay', 'content', 'map'];

/** How the people in progress continue, with the counts of each choice and where each group goes. */
export function PolicyChoice({ plan, policy, choose }: Props) {
  const { moves, omitted } = plan[policy];
  return (
    <section className="panel" aria-label={t('publish.policy')}>
      <header className="ruled">
        <h2>{t('publish.policy')}</h2>
      </header>
      <fieldset className="choices pad">
        <legend className="sr">{t('publish.policy')}</legend>
        {policies.map((each) => {
          const { moving, staying, ending } = plan[each];
          return (
            <label key={each} className={each === policy ? 'choice on' : 'choice'}>
              <input
                className="radio"
                type="radio"
                name="policy"
                checked={each === policy}
                onChange={() => choose(each)}
              />
              <span>
                <b>{t(`publish.policy.${each}`)}</b>
                <small>{t(`publish.policy.${each}.hint`)}</small>
                <small className="num">
                  {t('publish.counts', { moving: number(moving), staying: number(staying), ending: number(ending) })}
                </small>
              </span>
            </label>
          );
        })}
      </fieldset>
      <table className="t plain">
        <thead>
          <tr>
            <th scope="col">{t('publish.where')}</th>
            <th scope="col">
              <span className="sr">{t('publish.policy')}</span>
            </th>
            <th scope="col" className="n">
              {t('people.col.recipient')}
            </th>
          </tr>
        </thead>
        <tbody>
          {moves.map(({ version, from, to, ends, reason, instances }) => (
            <tr key={`${version} ${from} ${reason}`}>
              <td>{t('publish.where.step', { step: from + 1, version })}</td>
              <td className="q">
                {ends
                  ? t('publish.where.ends')
                  : `${t(`plan.${reason}`, { step: from + 1, version })}${to === null ? '' : `, ${t('publish.where.to', { step: to + 1 })}`}`}
              </td>
              <td className="n">{number(instances)}</td>
            </tr>
          ))}
          {omitted ? (
            <tr>
              <td colSpan={3} className="q">
                + {number(omitted)}
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
    </section>
  );
}
