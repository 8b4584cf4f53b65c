import type { SequenceStats } from '../../api/schemas';
import { t } from '../../i18n/messages';
import { sharesOf } from './shares';

/** How many of those who reached the first message reached each later one, as small bars. */
export function Funnel({ stats, version }: { stats: SequenceStats; version: number }) {
  const shares = sharesOf(stats, version);
  if (shares.length === 0) {
    return null;
  }
  const label = t('home.sequences.funnel', { shares: shares.map(({ share }) => `${share} %`).join(', ') });
  return (
    <span className="fun" role="img" aria-label={label} title={label}>
      {shares.map(({ index, share }) => (
        <i key={index} style={{ height: `${share}%` }} />
      ))}
    </span>
  );
}
