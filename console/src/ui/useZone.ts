import { useSearch } from '@tanstack/react-router';
import { myZone, type Zone } from '../i18n/time';

/** The zone that the page's address selects. `recipient` falls back to the reader's zone where no recipient is known. */
export function useZone(recipientZone?: string | null): Zone {
  const { tz } = useSearch({ strict: false }) as { tz?: string };
  if (tz === 'utc') {
    return 'UTC';
  }
  return tz === 'recipient' && recipientZone ? recipientZone : myZone;
}
