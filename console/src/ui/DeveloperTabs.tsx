import { Link } from '@tanstack/react-router';
import { t } from '../i18n/messages';

/** The tabs of the developers' section. */
export function DeveloperTabs() {
  return (
    <nav className="tabs" aria-label={t('nav.developers')}>
      <Link to="/developers" activeOptions={{ exact: true, includeSearch: false }}>
        {t('developers.sandbox')}
      </Link>
      <Link to="/developers/keys" activeOptions={{ includeSearch: false }}>
        {t('developers.keys')}
      </Link>
      <a href="/docs">{t('nav.reference')}</a>
    </nav>
  );
}
