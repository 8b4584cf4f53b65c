import { t } from '../i18n/messages';

/** One bar a step: solid for the executed ones, outlined for the current one. Long sequences are drawn to scale. */
export function StepMeter({ current, total, running }: { current: number; total: number; running: boolean }) {
  const bars = Math.min(total, 12);
  const at = Math.min(bars, Math.floor((current / Math.max(total, 1)) * bars));
  return (
    <span
      className="steps-meter"
      role="img"
      aria-label={t('people.step.meter', { step: Math.min(current + 1, total), total })}
      data-running={running}
    >
      {Array.from({ length: bars }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are identical and never move.
        <i key={index} data-state={index < at ? 'done' : index === at ? 'now' : 'ahead'} />
      ))}
    </span>
  );
}
