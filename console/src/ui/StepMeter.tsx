import { t } from '../i18n/messages';

const numbers = Array.from({ length: 12 }, (_, index) => index);

/** One bar a step: solid for the executed ones, outlined for the current one. Long sequences are drawn to scale. */
export function StepMeter({ current, total, running }: { current: number; total: number; running: boolean }) {
  const bars = Math.min(total, numbers.length);
  const at = Math.min(bars, Math.floor((current / Math.max(total, 1)) * bars));
  return (
    <span
      className="steps-meter"
      role="img"
      aria-label={t('people.step.meter', { step: Math.min(current + 1, total), total })}
      data-running={running}
    >
      {numbers.slice(0, bars).map((bar) => (
        <i key={bar} data-state={bar < at ? 'done' : bar === at ? 'now' : 'ahead'} />
      ))}
    </span>
  );
}
