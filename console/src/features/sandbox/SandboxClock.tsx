import { useQuery } from '@tanstack/react-query';
import { day, time } from '../../i18n/time';
import { useZone } from '../../ui/useZone';
import { clockQuery } from './sandbox';

/** The time of the sandbox, which only moves when the user moves it. */
export function SandboxClock() {
  const zone = useZone();
  const { data } = useQuery(clockQuery);
  return data ? (
    <b>
      <time dateTime={data.now}>
        {day(data.now, zone)}, {time(data.now, zone)}
      </time>
    </b>
  ) : null;
}
