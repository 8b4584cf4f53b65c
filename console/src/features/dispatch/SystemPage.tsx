import { useQuery } from '@tanstack/react-query';
import type { System } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { Empty } from '../../ui/Empty';
import { ErrorNote } from '../../ui/ErrorNote';
import { Page } from '../../ui/Page';
import { useMe } from '../accounts/me';
import { BreakerPanel } from './BreakerPanel';
import { DatabasePanel } from './DatabasePanel';
import { Findings } from './Findings';
import { NodePanel } from './NodePanel';
import { systemQuery } from './overview';
import { QueuePanel } from './QueuePanel';
import { isOnline, systemTitle } from './system';

/** Whether the engine is healthy, for operators. */
export function SystemPage() {
  const isOperator = useMe().permissions.includes('operate');
  return (
    <Page crumbs={[{ label: t('nav.system') }]}>
      {isOperator ? (
        <Installation />
      ) : (
        <>
          <h1>{t('nav.system')}</h1>
          <Empty>{t('system.restricted')}</Empty>
        </>
      )}
    </Page>
  );
}

function Installation() {
  const { data, error, refetch } = useQuery(systemQuery);
  return (
    <>
      <div className="answer">
        <div>
          <h1>{data ? systemTitle(data) : t('nav.system')}</h1>
          {data && (
            <p>
              {t('system.sub', { nodes: data.nodes.filter((node) => isOnline(node, data)).length, due: due(data) })}
            </p>
          )}
        </div>
      </div>
      {error && <ErrorNote error={error} retry={refetch} />}
      {!data && !error && <Bones rows={8} />}
      {data && (
        <>
          <Findings findings={data.findings} />
          <div className="g2">
            <QueuePanel system={data} />
            <BreakerPanel breakers={data.breakers} />
          </div>
          <div className="g2 wide-left">
            <NodePanel system={data} />
            <DatabasePanel system={data} />
          </div>
        </>
      )}
    </>
  );
}

const due = ({ queue }: System) =>
  queue.filter(({ state }) => state === 'due').reduce((sum, { count }) => sum + count, 0);
