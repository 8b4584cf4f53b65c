import type { System } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { duration, number } from '../../i18n/time';
import { bytes, has } from './system';

/** The database in figures. Those that a finding is about stand out. */
export function DatabasePanel({ system: { database, findings } }: { system: System }) {
  const figures = [
    { name: 'size', value: bytes(database.bytes), bad: false },
    {
      name: 'connections',
      value: t('system.database.of', { n: number(database.connections), most: number(database.mostConnections) }),
      bad: has(findings, 'manyConnections'),
    },
    {
      name: 'oldest',
      value: duration(database.oldestTransactionSeconds * 1000),
      bad: has(findings, 'longTransaction'),
    },
    { name: 'dead', value: number(database.deadTuples), bad: has(findings, 'deadTuples') },
  ] as const;
  return (
    <section className="panel">
      <header>
        <h2>{t('system.database')}</h2>
      </header>
      <dl className="kv in-pad">
        {figures.map(({ name, value, bad }) => (
          <div key={name} className="pair">
            <dt>{t(`system.database.${name}`)}</dt>
            <dd className={bad ? 'num bad-figure' : 'num'}>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
