import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../../api/client';
import type { ApiKey } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { DateTime } from '../../ui/DateTime';
import { Dialog } from '../../ui/Dialog';
import { failed, told } from '../../ui/toasts';
import { keysQuery } from './keys';

export function KeyTable({ keys, manages }: { keys: ApiKey[]; manages: boolean }) {
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: ({ id }: ApiKey) => answer(api.DELETE('/api/keys/{id}', { params: { path: { id } } })).then(() => null),
    onSuccess: (_, { name }) => told(t('keys.revoked', { name })),
    onError: failed,
    onSettled: () => {
      setRevoking(null);
      return queries.invalidateQueries(keysQuery);
    },
  });
  return (
    <div className="panel">
      <table className="t cards-on-phone keyt">
        <thead>
          <tr>
            <th scope="col">{t('keys.col.name')}</th>
            <th scope="col">{t('keys.col.kind')}</th>
            <th scope="col">{t('keys.col.access')}</th>
            <th scope="col">{t('keys.col.created')}</th>
            <th scope="col">{t('keys.col.used')}</th>
            {manages && (
              <th scope="col">
                <span className="sr">{t('keys.revoke')}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <td className="p">
                {key.name} <span className="mono qq">{key.hint}</span>
              </td>
              <td>
                <span className={key.kind === 'sandbox' ? 'tag sandtag' : 'tag'}>{t(`env.${key.kind}`)}</span>
              </td>
              <td className="q">{t(key.readOnly ? 'keys.access.read' : 'keys.access.write')}</td>
              <td className="q">
                <DateTime at={key.createdAt} />
              </td>
              <td className="q">{key.lastUsedAt ? <DateTime at={key.lastUsedAt} /> : t('keys.never')}</td>
              {manages && (
                <td className="n">
                  <Button
                    className="ghost small"
                    aria-label={t('keys.revoke.name', { name: key.name })}
                    onClick={() => setRevoking(key)}
                  >
                    {t('keys.revoke')}
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {revoking && (
        <Dialog
          opened
          close={() => setRevoking(null)}
          title={t('keys.revoke.name', { name: revoking.name })}
          submit={{
            label: t('keys.revoke'),
            danger: true,
            busy: revoke.isPending,
            run: () => revoke.mutate(revoking),
          }}
        >
          <p>{t('keys.revoke.text')}</p>
        </Dialog>
      )}
    </div>
  );
}
