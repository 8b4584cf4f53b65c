import { Link } from '@tanstack/react-router';
import type { Overview } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { number } from '../../i18n/time';
import { type Shape, StatusShape } from '../../ui/StatusShape';
import { mostCounted } from './sending';

const kinds: { kind: keyof Overview['attention']; shape: Shape }[] = [
  { kind: 'failed', shape: 'failed' },
  { kind: 'inDoubt', shape: 'doubt' },
  { kind: 'late', shape: 'late' },
];

/** The people who wait for a user, by reason. Each count leads to their list. */
export function Needs({ attention }: Pick<Overview, 'attention'>) {
  return (
    <section aria-label={t('home.needs')} className="needs">
      {kinds.map(({ kind, shape }) => {
        const count = attention[kind];
        return (
          <Link key={kind} to="/people" search={{ attention: kind }} data-none={count === 0}>
            <span className="st">
              <StatusShape shape={shape} />
              {t(`home.need.${kind}`)}
            </span>
            <b>{count >= mostCounted ? `${number(mostCounted)}+` : number(count)}</b>
            <span className="wy">{count === 0 ? t('home.need.none') : t(`home.need.${kind}.why`)}</span>
          </Link>
        );
      })}
    </section>
  );
}
