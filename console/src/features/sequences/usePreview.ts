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

const example = { email: 'anna@example.com', firstName: 'Anna', lastName: 'Schmidt' };

/**
 * What the server makes of the draft for one person, shortly after the user stops typing: for the person of the sequence with this address, or
 * for an example whose variables have their names as values.
 */
export function usePreview(draft: Draft, sequence: SequenceDetail | null, email: string): LivePreview {
  const [asked] = useDebouncedValue({ draft, email: email.trim() }, 400);
  const [named, setNamed] = useState<string[]>([]);
  const person = useQuery({
    queryKey: ['editor-person', sequence?.id, asked.email],
    queryFn: ({ signal }) =>
      answer(
        api.GET('/api/instances', {
          params: { query: { email: asked.email, sequenceId: sequence?.id, limit: 1 } },
          signal,
        }),
      ),
    enabled: asked.email !== '',
  }).data?.items[0];
  const variables = asked.email
    ? person?.variables
    : examples([...(sequence?.variables ?? []).map(({ name }) => name), ...named]);
  const query = useQuery({
    queryKey: ['editor-preview', sequence?.id, asked, variables, person?.recipient],
    queryFn: ({ signal }) =>
      answer(
        api.POST('/api/preview', {
          body: {
            name: asked.draft.name || undefined,
            steps: sent(asked.draft.steps),
            recipient: person?.recipient ?? (asked.email ? { email: asked.email } : example),
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
  const missing = asked.email ? '' : [...new Set(query.data?.steps.flatMap((step) => step.missing))].join(' ');
  useEffect(() => {
    if (missing) {
      setNamed((known) => [...new Set([...known, ...missing.split(' ')])]);
    }
  }, [missing]);
  return {
    data: query.data,
    error: query.error,
    fields: query.error instanceof ApiError ? query.error.fields : {},
    stale: query.isPlaceholderData || asked.draft !== draft,
  };
}
