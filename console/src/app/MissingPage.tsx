import { Link } from '@tanstack/react-router';
import { t } from '../i18n/messages';

export function MissingPage() {
  return (
    <main className="page lone">
      <h1>{t('error.missing.title')}</h1>
      <p>{t('error.notFound')}</p>
      <p>
        <Link className="a" to="/sequences">
          {t('nav.sequences')}
        </Link>
      </p>
    </main>
  );
}
