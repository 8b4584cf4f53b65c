import type { Node, System } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { exact, timeToSecond } from '../../i18n/time';
import { DateTime } from '../../ui/DateTime';
import { StatusShape } from '../../ui/StatusShape';
import { useZone } from '../../ui/useZone';
import { isOnline } from './system';

/** The nodes, and how busy they are. */
export function NodePanel({ system }: { system: System }) {
  const online = system.nodes.filter((node) => isOnline(node, system));
  return (
    <section className="panel">
      <header className="ruled">
        <h2>{t('system.nodes')}</h2>
        <small>{t('system.nodes.online', { n: online.length })}</small>
      </header>
      {system.nodes.length === 0 ? (
        <p className="pad q">{t('system.nodes.none')}</p>
      ) : (
        <table className="t nodest cards-on-phone">
          <thead>
            <tr>
              <th scope="col">{t('system.node')}</th>
              <th scope="col">{t('system.node.role')}</th>
              <th scope="col">{t('system.node.version')}</th>
              <th scope="col">{t('system.node.busy')}</th>
              <th scope="col" className="n">
                {t('system.node.seen')}
              </th>
              <th scope="col" className="n">
                {t('system.node.since')}
              </th>
            </tr>
          </thead>
          <tbody>
            {system.nodes.map((node) => (
              <Row key={node.id} node={node} online={online.includes(node)} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ node: { id, role, version, lanes, busy, startedAt, seenAt }, online }: { node: Node; online: boolean }) {
  const zone = useZone();
  return (
    <tr>
      <td>
        <span className="st">
          <StatusShape shape={online ? 'ok' : 'warn'} />
          <b className="med wraps">{id}</b>
          <span className="sr">{t(online ? 'system.node.online' : 'system.node.missing')}</span>
        </span>
      </td>
      <td className="q">{role}</td>
      <td className="mono q" title={version}>
        {withoutBuild(version)}
      </td>
      <td>
        {lanes > 0 ? (
          <span className="lanes">
            <span className="meter">
              <i style={{ width: `${(100 * busy) / lanes}%` }} />
            </span>
            <span className="num">{t('system.node.lanes', { busy, lanes })}</span>
          </span>
        ) : (
          t('common.none')
        )}
      </td>
      <td className="n q">
        <time dateTime={seenAt} title={exact(seenAt, zone)}>
          {timeToSecond(seenAt, zone)}
        </time>
      </td>
      <td className="n q">
        <DateTime at={startedAt} />
      </td>
    </tr>
  );
}

/** `0.1.0` of `0.1.0+b40bf9ab`: the tooltip has the rest. */
const withoutBuild = (version: string) => version.split('+', 1)[0];
