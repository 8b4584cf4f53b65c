import { number } from '../i18n/time';

/** What an action will do: a sentence and a count each, from a dry run of the server. */
export function EffectRows({ rows }: { rows: { label: string; count: number }[] }) {
  return (
    <ul className="eff">
      {rows.map(({ label, count }) => (
        <li key={label}>
          <span>{label}</span>
          <span className="num">{number(count)}</span>
        </li>
      ))}
    </ul>
  );
}
