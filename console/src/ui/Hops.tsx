import type { Moved } from '../api/schemas';
import { reasonIcons, reasonWord } from '../features/instances/waiting';
import { t } from '../i18n/messages';
import { day, time, type Zone } from '../i18n/time';
import { Icon } from './Icon';

interface Props {
  /** When it would be due if nothing had moved it. */
  wantedAt: string | null;
  moved: Moved[];
  zone: Zone;
}

/** What moved a date, rule by rule, from the wanted date to the real one. */
export function Hops({ wantedAt, moved, zone }: Props) {
  if (moved.length === 0) {
    return null;
  }
  const date = (instant: string) => `${day(instant, zone)} ${time(instant, zone)}`;
  return (
    <ol className="hops">
      {wantedAt && <li>{t('moved.wantedAt', { date: date(wantedAt) })}</li>}
      {moved.map((hop, index) => (
        <li key={`${hop.reason} ${hop.to}`}>
          <span className="why">
            <Icon of={reasonIcons[hop.reason]} size={12} />
            {reasonWord(hop)}
          </span>
          <span className={index === moved.length - 1 ? 'to last' : 'to'}>{date(hop.to)}</span>
        </li>
      ))}
    </ol>
  );
}
