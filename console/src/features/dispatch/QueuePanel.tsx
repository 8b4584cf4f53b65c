import type { System } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { moment, number } from '../../i18n/time';
import { useZone } from '../../ui/useZone';
import { type QueueRow, queueRows } from './system';

const colours: Record<QueueRow['state'], string> = {
  scheduled: 'var(--chart-5)',
  due: 'var(--chart-1)',
  leased: 'var(--chart-1)',
  parked: 'var(--chart-quiet)',
  inDoubt: 'var(--doubt)',
};

/** The steps in the outbox by state. */
export function QueuePanel({ system }: { system: System }) {
  const zone = useZone();
  const rows = queueRows(system);
  const total = rows.reduce((sum, row) => sum + row.total, 0);
  return (
    <section className="panel">
      <header>
        <h2>{t('system.queue')}</h2>
        {system.queueAt && <small>{t('system.queue.total', { n: total })}</small>}
      </header>
      {system.queueAt === null ? (
        <p className="pad q">{t('system.queue.none')}</p>
      ) : (
        <>
          <ul className="ql">
            {rows.map(({ state, email, sms, wait, total: count }) => (
              <li key={state}>
                <span>{t(`system.queue.${state}`)}</span>
                <span className="barx" aria-hidden="true">
                  <i style={{ width: `${total ? (100 * count) / total : 0}%`, background: colours[state] }} />
                </span>
                <b className="num">{number(count)}</b>
                <small>{t('system.queue.parts', { email: number(email), sms: number(sms), wait: number(wait) })}</small>
              </li>
            ))}
          </ul>
          <p className="panel-note">{t('system.queue.at', { date: moment(system.queueAt, zone) })}</p>
        </>
      )}
    </section>
  );
}
