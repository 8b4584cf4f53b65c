import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError, isSignedOut } from './problem';

/** Creates the cache of the API's responses. `signedOut` is called when a response says that the session is over. */
export function createQueries(signedOut: () => void): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: (error) => isSignedOut(error) && signedOut() }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => failures < 2 && isTemporary(error),
        retryDelay: (failures, error) =>
          (error instanceof ApiError && error.retryAfter ? error.retryAfter : 2 ** failures) * 1000,
      },
      mutations: { onError: (error) => isSignedOut(error) && signedOut() },
    },
  });
}

function isTemporary(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status === 503);
}
