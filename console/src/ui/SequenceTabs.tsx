import { Link } from '@tanstack/react-router';
import { t } from '../i18n/messages';

/** The tabs of a sequence. */
export function SequenceTabs({ id }: { id: string }) {
  return (
    <nav className="tabs" aria-label={t('nav.sequences')}>
      <Link to="/sequences/$id/edit" params={{ id }} activeOptions={{ includeSearch: false }}>
        {t('sequences.tab.edit')}
      </Link>
      <Link to="/sequences/$id/people" params={{ id }} activeOptions={{ includeSearch: false }}>
        {t('sequences.tab.people')}
      </Link>
    </nav>
  );
}
