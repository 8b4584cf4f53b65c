import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { Bones } from '../../ui/Bones';
import { ErrorNote } from '../../ui/ErrorNote';
import { Figure } from '../../ui/Figure';
import { SequenceShape } from '../../ui/SequenceShape';
import { sequenceNamesQuery } from '../sequences/sequences';
import { Funnel } from './Funnel';
import { statsQuery } from './overview';

const most = 5;

const inProgress = ({ instanceCounts }: Sequence) => (instanceCounts.ACTIVE ?? 0) + (instanceCounts.PAUSED ?? 0);

/** The sequences with the most people in progress, and how far these come. */
export function HomeSequences() {
  const { data, error, refetch } = useQuery(sequenceNamesQuery);
  const shown = data?.toSorted((a, b) => inProgress(b) - inProgress(a)).slice(0, most) ?? [];
  return (
    <section className="panel home-seqs">
      <header className="ruled">
        <h2>{t('home.sequences')}</h2>
        {data && (
          <small className="not-phone">{t('home.sequences.sub', { shown: shown.length, total: data.length })}</small>
        )}
        <div className="end">
          <Button component={Link} to="/sequences" className="ghost small">
            {t('home.sequences.all')}
          </Button>
        </div>
      </header>
      {error && !data && (
        <div className="pad">
          <ErrorNote error={error} retry={refetch} />
        </div>
      )}
      {!data && !error && (
        <div className="pad">
          <Bones rows={3} />
        </div>
      )}
      {data && (
        <table className="t seqt cards-on-phone">
          <thead>
            <tr>
              <th scope="col">{t('home.sequences.name')}</th>
              <th scope="col">{t('home.sequences.reached')}</th>
              <th scope="col" className="n">
                {t('home.sequences.progress')}
              </th>
              <th scope="col" className="n">
                {t('home.sequences.failed')}
              </th>
              <th scope="col" className="n">
                {t('home.sequences.replied')}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((sequence) => (
              <Row key={sequence.id} sequence={sequence} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Row({ sequence }: { sequence: Sequence }) {
  const { id, name, steps, version, instanceCounts } = sequence;
  const { data: stats } = useQuery(statsQuery(id));
  return (
    <tr>
      <td>
        <Link className="p" to="/sequences/$id/people" params={{ id }}>
          {name}
        </Link>{' '}
        <SequenceShape steps={steps} />
      </td>
      <td>{stats && <Funnel stats={stats} version={version} />}</td>
      <td className="n" data-l={t('home.sequences.progress')}>
        <Figure value={inProgress(sequence)} />
      </td>
      <td className="n" data-l={t('home.sequences.failed')}>
        {instanceCounts.FAILED ? (
          <Link className="need" to="/sequences/$id/people" params={{ id }} search={{ status: 'FAILED' }}>
            <Figure value={instanceCounts.FAILED} />
          </Link>
        ) : (
          <Figure value={0} />
        )}
      </td>
      <td className="n" data-l={t('home.sequences.replied')}>
        {stats && <Figure value={stats.stopped.replied} />}
      </td>
    </tr>
  );
}
