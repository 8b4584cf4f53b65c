import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isSignedOut } from './problem';

/** Creates the cache of the API's responses. `signedOut` is called when a response says that the session is over. */
export function createQueries(signedOut: () => void): QueryClient {
  const onError = (error: unknown) => isSignedOut(error) && signedOut();
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    // Not a default option, which the onError of a single mutation would replace.
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && isTemporary(error),
        retryDelay: (failures, error) =>
          (error instanceof ApiError && error.retryAfter ? error.retryAfter : 2 ** failures) * 1000,
      },
    },
  });
}

function isTemporary(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status === 503);
}
