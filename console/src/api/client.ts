import createClient from 'openapi-fetch';
import { ApiError, type Problem } from './problem';
import type { paths } from './schema';

/**
 * The public HTTP API. The session cookie authenticates; the header shows that a write comes from this page and not from a form of another site.
 */
export const api = createClient<paths>({ headers: { 'X-FollowUp': '1' } });

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The response of a successful call. Throws an ApiError with the problem details otherwise. */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  const { data, error, response } = await reach(call);
  if (!response.ok) {
    throw new ApiError(response.status, asProblem(error), retryAfter(response));
  }
  return data as T;
}

/** The response together with its entity tag, for a later If-Match. */
export async function tagged<T>(call: Promise<Result<T>>): Promise<{ value: T; etag: string | null }> {
  const { response } = await reach(call);
  return { value: await answer(call), etag: response.headers.get('ETag') };
}

async function reach<T>(call: Promise<Result<T>>): Promise<Result<T>> {
  try {
    return await call;
  } catch (failure) {
    // fetch rejects without a response only when the program cannot be reached.
    throw failure instanceof TypeError ? new ApiError(0, null, null) : failure;
  }
}

/** Reads problem details; a proxy in front of the program may answer with something else. */
export function asProblem(body: unknown): Problem | null {
  return body !== null && typeof body === 'object' && 'code' in body ? (body as Problem) : null;
}

export function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('Retry-After'));
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}
