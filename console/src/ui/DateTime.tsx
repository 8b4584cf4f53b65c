import { exact, moment } from '../i18n/time';
import { useZone } from './useZone';

interface Props {
  at: string;
  /** The recipient's zone, which the page shows when the reader chose it. */
  recipientZone?: string | null;
}

/** An instant in the page's time zone. The tooltip has the second and the zone. */
export function DateTime({ at, recipientZone }: Props) {
  const zone = useZone(recipientZone);
  return (
    <time dateTime={at} title={exact(at, zone)}>
      {moment(at, zone)}
    </time>
  );
}
