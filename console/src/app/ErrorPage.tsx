import { Button } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { sentence } from '../api/problem';
import { t } from '../i18n/messages';
import { ErrorNote } from '../ui/ErrorNote';

/** What failed while a page was opened or drawn. */
export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main className="page lone">
      <h1>{t('error.page')}</h1>
      <ErrorNote error={error} title={sentence(error)} />
      <p>
        <Button variant="default" onClick={retry}>
          {t('error.tryAgain')}
        </Button>
      </p>
    </main>
  );
}
