import { isMessage, t } from '../i18n/messages';
import type { components } from './schema';

export type Problem = components['schemas']['Problem'];

/** An error response of the API; status 0 when the program cannot be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly problem: Problem | null;
  /** Seconds until a retry makes sense, from Retry-After. */
  readonly retryAfter: number | null;

  constructor(status: number, problem: Problem | null, retryAfter: number | null) {
    super(problem?.detail ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get code(): string | null {
    return this.problem?.code ?? null;
  }

  /** The errors by field path, such as `steps[2].delay`. */
  get fields(): Record<string, string[]> {
    return this.problem?.errors ?? {};
  }
}

/** The sentence that a user reads: the catalogue's, else the API's own. */
export function sentence(error: unknown): string {
  if (!(error instanceof ApiError)) {
    return t('error.unknown');
  }
  if (error.status === 0) {
    return t('error.offline');
  }
  if (error.status === 429) {
    return t('error.tooManyRequests', { n: error.retryAfter ?? 1 });
  }
  const fields = Object.values(error.fields).flat();
  if (fields.length > 0) {
    return t('error.fields', { n: fields.length });
  }
  const key = `error.${error.code}`;
  return isMessage(key) ? t(key) : (error.problem?.detail ?? t('error.unknown'));
}

/** Whether the session is missing or over. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
