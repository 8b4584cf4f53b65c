import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { t } from '../../i18n/messages';
import { Empty } from '../../ui/Empty';
import { failed } from '../../ui/toasts';
import { useMe } from '../accounts/me';
import { openSandbox } from './sandbox';

/** Leads from production into the sandbox: a sandbox key is created, and this browser is signed in with it. */
export function OpenSandbox() {
  const manages = useMe().permissions.includes('manageKeys');
  const queries = useQueryClient();
  const router = useRouter();
  const open = useMutation({
    mutationFn: () => openSandbox(t('sandbox.key.name')),
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
