import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { type FormEvent, useEffect, useState } from 'react';
import { ApiError, sentence } from '../../api/problem';
import { t } from '../../i18n/messages';
import { Logo } from '../../ui/Logo';
import { SignInArt } from './SignInArt';
import { signInAs, signInWithKey } from './session';
import { signInMethods } from './signInMethods';

// The subject that owns the sample of ./run.
const developer = 'demo';

export function SignInPage() {
  const { returnTo, expired } = useSearch({ from: '/signin' });
  const router = useRouter();
  const queries = useQueryClient();
  const methods = signInMethods();
  const [key, setKey] = useState('');
  const target = localPath(returnTo);
  const signIn = useMutation({
    mutationFn: (call: () => Promise<unknown>) => call(),
    onSuccess: async () => {
      queries.clear();
      await router.invalidate();
      router.history.push(target);
    },
  });
  useEffect(() => {
    document.title = `${t('signin.submit')} · ${t('app.name')}`;
  }, []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate(() => signInWithKey(key.trim()));
  };
  return (
    <div className="si">
      <div className="card">
        <header>
          <Logo size={24} />
          {t('app.name')}
        </header>
        <main>
          <h1>{t('signin.title')}</h1>
          <p className="q host">{location.host}</p>
          {expired && (
            <div className="note warn" role="status">
              {t('error.unauthorized')}
            </div>
          )}
          {methods.has('sso') && (
            <>
              <Button
                component="a"
                className="primary wide"
                href={`/auth/sign-in?returnTo=${encodeURIComponent(target)}`}
              >
                {t('signin.sso')}
              </Button>
              <div className="or">{t('signin.or')}</div>
            </>
          )}
          <form onSubmit={submit} className="stack">
            <PasswordInput
              label={t('signin.key')}
              description={t('signin.key.hint')}
              inputWrapperOrder={['label', 'input', 'description', 'error']}
              placeholder="fu_…"
              autoComplete="off"
              required
              withAsterisk={false}
              value={key}
              onChange={(event) => setKey(event.target.value)}
              error={signIn.error ? refusal(signIn.error) : undefined}
            />
            <Button type="submit" className="wide" loading={signIn.isPending}>
              {t('signin.submit')}
            </Button>
          </form>
          {methods.has('development') && (
            <div className="dev">
              <span>{t('signin.dev')}</span>
              <Button className="small" onClick={() => signIn.mutate(() => signInAs(developer))}>
                {t('signin.dev.submit')}
              </Button>
            </div>
          )}
        </main>
        <footer>
          <span />
          <a className="a" href="/docs">
            {t('nav.reference')}
          </a>
        </footer>
      </div>
      <SignInArt />
    </div>
  );
}

function refusal(error: Error): string {
  return error instanceof ApiError && (error.status === 401 || error.status === 400)
    ? t('signin.refused')
    : sentence(error);
}

/** Where to go after signing in: a path of this site only, so that a link to this page cannot lead elsewhere. */
export function localPath(returnTo: string | undefined): string {
  if (!returnTo?.startsWith('/')) {
    return '/';
  }
  const url = new URL(returnTo, location.origin);
  return url.origin === location.origin ? url.pathname + url.search + url.hash : '/';
}
