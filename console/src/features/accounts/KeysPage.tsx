import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { DeveloperTabs } from '../../ui/DeveloperTabs';
import { Empty } from '../../ui/Empty';
import { ErrorNote } from '../../ui/ErrorNote';
import { Icon } from '../../ui/Icon';
import { Page } from '../../ui/Page';
import { CreatedKey } from './CreatedKey';
import { KeyTable } from './KeyTable';
import { keysQuery } from './keys';
import { useMe } from './me';
import { NewKeyDialog } from './NewKeyDialog';

/** API keys. They are managed outside the sandbox, and by users only. */
export function KeysPage() {
  const me = useMe();
  const live = me.kind === 'live';
  const manages = live && me.permissions.includes('manageKeys');
  const { data, error, isPending, refetch } = useQuery({ ...keysQuery, enabled: live });
  const [asking, setAsking] = useState(false);
  const [created, setCreated] = useState<ApiKey | null>(null);
  return (
    <Page
      crumbs={[{ label: t('nav.developers') }]}
      tabs={<DeveloperTabs />}
      actions={
        manages && (
          <Button className="primary" leftSection={<Icon of={IconPlus} />} onClick={() => setAsking(true)}>
            {t('keys.new')}
          </Button>
        )
      }
    >
      <div className="answer">
        <div>
          <h1>{data ? t('keys.page.title', { n: data.length }) : t('developers.keys')}</h1>
          {!manages && <p>{t('keys.page.restricted')}</p>}
        </div>
      </div>
      {error && <ErrorNote error={error} retry={refetch} />}
      {live && isPending && !error && <Bones rows={3} />}
      {data?.length === 0 && <Empty>{t('keys.page.empty')}</Empty>}
      {data && data.length > 0 && <KeyTable keys={data} manages={manages} />}
      {asking && (
        <NewKeyDialog
          close={() => setAsking(false)}
          created={(key) => {
            setAsking(false);
            setCreated(key);
          }}
        />
      )}
      {created && <CreatedKey created={created} close={() => setCreated(null)} />}
    </Page>
  );
}
