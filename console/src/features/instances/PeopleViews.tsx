import { Link } from '@tanstack/react-router';
import type { PeopleSearch } from '../../app/search';
import { t } from '../../i18n/messages';

const views: { name: 'all' | 'progress' | 'attention' | 'paused' | 'done'; filter: Partial<PeopleSearch> }[] = [
  { name: 'all', filter: {} },
  { name: 'progress', filter: { status: 'ACTIVE' } },
  { name: 'attention', filter: { attention: 'true' } },
  { name: 'paused', filter: { status: 'PAUSED' } },
  { name: 'done', filter: { status: 'COMPLETED' } },
];

/** Filters that many need, as tabs. They replace the status and keep the rest. */
export function PeopleViews() {
  return (
    <nav className="views tabs" aria-label={t('nav.people')}>
      {views.map(({ name, filter }) => (
        <Link
          key={name}
          to="."
          search={(old: object) => ({ ...old, status: undefined, attention: undefined, ...filter })}
          activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
        >
          {t(`people.view.${name}`)}
        </Link>
      ))}
    </nav>
  );
}
