import { number } from '../i18n/time';

/** A number in a column. Zero is pale, so that what is not zero stands out. */
export function Figure({ value = 0 }: { value?: number }) {
  return <span className={value === 0 ? 'z' : undefined}>{number(value)}</span>;
}
