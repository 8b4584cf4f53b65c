import { beforeEach, describe, expect, it, vi } from 'vitest';
import { moveClock, openSandbox } from './sandbox';

const { post, remove } = vi.hoisted(() => ({ post: vi.fn(), remove: vi.fn() }));
vi.mock('../../api/client', () => ({ api: { POST: post, DELETE: remove }, answer: (call: unknown) => call }));

const move = (now: string, steps: number, done = false) => ({ now, target: '2027-01-08T00:00:00Z', steps, done });

beforeEach(() => {
  post.mockReset();
  remove.mockReset();
});

describe('moving the clock', () => {
  it('repeats the call with the target until the clock arrives', async () => {
    post.mockReturnValueOnce(move('2027-01-02T00:00:00Z', 100));
    post.mockReturnValueOnce(move('2027-01-02T00:00:00Z', 100));
    post.mockReturnValueOnce(move('2027-01-08T00:00:00Z', 7, true));

    expect(await moveClock({ advance: 'P7D' })).toEqual({ steps: 207, arrived: true });
    expect(post.mock.calls.map(([, { body }]) => body)).toEqual([
      { advance: 'P7D' },
      { to: '2027-01-08T00:00:00Z' },
      { to: '2027-01-08T00:00:00Z' },
    ]);
  });

  it('stops when a call neither advances the clock nor executes a step', async () => {
    post.mockReturnValue(move('2027-01-02T00:00:00Z', 0));

    expect(await moveClock({ advance: 'P7D' })).toEqual({ steps: 0, arrived: false });
    expect(post).toHaveBeenCalledTimes(2);
  });

  it('stops after 1,000 calls', async () => {
    let minute = 0;
    post.mockImplementation(() => move(String(minute++), 1));

    expect(await moveClock({ advance: 'P7D' })).toEqual({ steps: 1000, arrived: false });
  });
});

describe('opening the sandbox', () => {
  it('signs in with a key that expires when the session does', async () => {
    vi.useFakeTimers({ now: new Date('2027-01-01T00:00:00Z') });
    post.mockReturnValueOnce({ id: 'k1', key: 'fu_1' }).mockReturnValueOnce({});

    await openSandbox('Console');
    vi.useRealTimers();

    expect(post.mock.calls).toEqual([
      ['/api/keys', { body: { name: 'Console', kind: 'sandbox', expiresAt: '2027-01-08T00:00:00.000Z' } }],
      ['/api/session', { body: { apiKey: 'fu_1' } }],
    ]);
    expect(remove).not.toHaveBeenCalled();
  });

  it('revokes the key when the sign-in fails', async () => {
    post.mockReturnValueOnce({ id: 'k1', key: 'fu_1' }).mockRejectedValueOnce(new Error('offline'));

    await expect(openSandbox('Console')).rejects.toThrow('offline');
    expect(remove).toHaveBeenCalledWith('/api/keys/{id}', { params: { path: { id: 'k1' } } });
  });
});
