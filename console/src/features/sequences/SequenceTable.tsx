import { Link } from '@tanstack/react-router';
import type { Sequence } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { DateTime } from '../../ui/DateTime';
import { Figure } from '../../ui/Figure';
import { SequenceShape } from '../../ui/SequenceShape';
import { SequenceSwitch } from './SequenceSwitch';

export function SequenceTable({ sequences }: { sequences: Sequence[] }) {
  return (
    <div className="panel">
      <table className="t seqs cards-on-phone">
        <thead>
          <tr>
            <th scope="col">{t('sequences.col.on')}</th>
            <th scope="col">{t('sequences.col.name')}</th>
            <th scope="col">{t('sequences.col.steps')}</th>
            <th scope="col" className="n">
              {t('sequences.col.active')}
            </th>
            <th scope="col" className="n">
              {t('sequences.col.paused')}
            </th>
            <th scope="col" className="n">
              {t('sequences.col.failed')}
            </th>
            <th scope="col" className="n">
              {t('sequences.col.completed')}
            </th>
            <th scope="col" className="n">
              {t('sequences.col.edited')}
            </th>
          </tr>
        </thead>
        <tbody>
          {sequences.map((sequence) => (
            <Row key={sequence.id} sequence={sequence} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ sequence }: { sequence: Sequence }) {
  const { id, name, description, enabled, steps, instanceCounts, updatedAt } = sequence;
  return (
    <tr className={enabled ? undefined : 'off'}>
      <td>
        <SequenceSwitch sequence={sequence} />
      </td>
      <td>
        <Link className="who" to="/sequences/$id/people" params={{ id }}>
          <span>
            <b>{name}</b>
            {description && <small>{description}</small>}
          </span>
        </Link>
      </td>
      <td>
        <SequenceShape steps={steps} />
      </td>
      <td className="n" data-l={t('sequences.col.active')}>
        <Figure value={instanceCounts.ACTIVE} />
        {!enabled && (instanceCounts.ACTIVE ?? 0) > 0 && <small>{t('sequences.onHold')}</small>}
      </td>
      <td className="n" data-l={t('sequences.col.paused')}>
        <Figure value={instanceCounts.PAUSED} />
      </td>
      <td className="n" data-l={t('sequences.col.failed')}>
        {instanceCounts.FAILED ? (
          <Link className="need" to="/sequences/$id/people" params={{ id }} search={{ status: 'FAILED' }}>
            <Figure value={instanceCounts.FAILED} />
          </Link>
        ) : (
          <Figure value={0} />
        )}
      </td>
      <td className="n" data-l={t('sequences.col.completed')}>
        <Figure value={instanceCounts.COMPLETED} />
      </td>
      <td className="n q">
        <DateTime at={updatedAt} />
      </td>
    </tr>
  );
}
