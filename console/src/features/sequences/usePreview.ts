import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { answer, api } from '../../api/client';
import { ApiError } from '../../api/problem';
import type { Preview, SequenceDetail } from '../../api/schemas';
import { type Draft, examples, sent } from './draft';

export interface LivePreview {
  data?: Preview;
  error: Error | null;
  /** Errors in the draft by field path. */
  fields: Record<string, string[]>;
  /** Whether the draft has changed since the preview was made. */
  stale: boolean;
}

const pauseMs = 400;
const example = { email: 'anna@example.com', firstName: 'Anna', lastName: 'Schmidt' };

/**
 * What the server makes of the draft for one person, shortly after the user stops typing: for the person of the sequence with this address, or
 * for an example whose variables have their names as values.
 */
export function usePreview(draft: Draft, sequence: SequenceDetail | null, email: string): LivePreview {
  // Separately: an object of both would be a new value in each render, which starts the wait again and renders again after it.
  const [askedDraft] = useDebouncedValue(draft, pauseMs);
  const [askedEmail] = useDebouncedValue(email.trim(), pauseMs);
  const [named, setNamed] = useState<string[]>([]);
  const person = useQuery({
    queryKey: ['editor-person', sequence?.id, askedEmail],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/instances', {
          params: { query: { email: askedEmail, sequenceId: sequence?.id, limit: 1 } },
          signal,
        }),
      ),
    enabled: askedEmail !== '',
  }).data?.items[0];
  const variables = askedEmail
    ? person?.variables
    : examples([...(sequence?.variables ?? []).map(({ name }) => name), ...named]);
  const query = useQuery({
    queryKey: ['editor-preview', sequence?.id, askedDraft, askedEmail, variables, person?.recipient],
    queryFn: ({ signal }) =>
      answer(
        api.POST('/api/preview', {
          body: {
            name: askedDraft.name || undefined,
            steps: sent(askedDraft.steps),
            recipient: person?.recipient ?? (askedEmail ? { email: askedEmail } : example),
            variables,
            schedule: sequence?.schedule ?? undefined,
            upgradeInsecureImages: sequence?.upgradeInsecureImages,
          },
          signal,
        }),
      ),
    placeholderData: (old) => old,
    gcTime: 10_000,
  });
  // A new sequence tells its variables only by what the first preview misses.
  const missing = askedEmail ? '' : [...new Set(query.data?.steps.flatMap((step) => step.missing))].join(' ');
  useEffect(() => {
    if (missing) {
      setNamed((known) => [...new Set([...known, ...missing.split(' ')])]);
    }
  }, [missing]);
  return {
    data: query.data,
    error: query.error,
    fields: query.error instanceof ApiError ? query.error.fields : {},
    stale: query.isPlaceholderData || askedDraft !== draft || askedEmail !== email.trim(),
  };
}
