import { describe, expect, it, vi } from 'vitest';
import { ApiError } from './problem';
import { createQueries } from './queries';

/** Runs a mutation that handles its own errors, as those of the pages do. */
async function write(status: number, signedOut: () => void): Promise<void> {
  const queries = createQueries(signedOut);
  const mutation = queries.getMutationCache().build(queries, {
    mutationFn: () => Promise.reject(new ApiError(status, null, null)),
    onError: () => {},
  });
  await mutation.execute(undefined).catch(() => {});
}

describe('a write that is refused', () => {
  it('leads to the sign-in page when the session is over, also if its page handles the error', async () => {
    const signedOut = vi.fn();
    await write(401, signedOut);

    expect(signedOut).toHaveBeenCalledOnce();
  });

  it('stays on its page for any other reason', async () => {
    const signedOut = vi.fn();
    await write(403, signedOut);

    expect(signedOut).not.toHaveBeenCalled();
  });
});
