import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { answer, api } from '../../api/client';
import { t } from '../../i18n/messages';
import { Empty } from '../../ui/Empty';
import { failed } from '../../ui/toasts';
import { useMe } from '../accounts/me';
import { signInWithKey } from '../accounts/session';

// The longest life of a session: 7 days. The key, which only this session uses, expires with it and leaves room for others.
const sessionLife = 7 * 86_400_000;

/** Leads from production into the sandbox: a sandbox key is created, and this browser is signed in with it. */
export function OpenSandbox() {
  const manages = useMe().permissions.includes('manageKeys');
  const queries = useQueryClient();
  const router = useRouter();
  const open = useMutation({
    mutationFn: async () => {
      const expiresAt = new Date(Date.now() + sessionLife).toISOString();
      const body = { name: t('sandbox.key.name'), kind: 'sandbox' as const, expiresAt };
      const { id, key } = await answer(api.POST('/api/keys', { body }));
      try {
        await signInWithKey(key ?? '');
      } catch (error) {
        await answer(api.DELETE('/api/keys/{id}', { params: { path: { id } } }));
        throw error;
      }
    },
    onSuccess: async () => {
      queries.clear();
      await router.invalidate();
    },
    onError: failed,
  });
  return (
    <>
      <div className="answer">
        <div>
          <h1>{t('sandbox.title.outside')}</h1>
          <p>{t('sandbox.outside')}</p>
        </div>
      </div>
      {manages && (
        <Empty
          action={
            <Button className="primary" loading={open.isPending} onClick={() => open.mutate()}>
              {t('sandbox.open')}
            </Button>
          }
        >
          {t('sandbox.open.effect')}
        </Empty>
      )}
    </>
  );
}
