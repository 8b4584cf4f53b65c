import { beforeEach, describe, expect, it, vi } from 'vitest';
import { moveClock } from './sandbox';

const post = vi.hoisted(() => vi.fn());
vi.mock('../../api/client', () => ({ api: { POST: post }, answer: (call: unknown) => call }));

const move = (now: string, steps: number, done = false) => ({ now, target: '2027-01-08T00:00:00Z', steps, done });

describe('moving the clock', () => {
  beforeEach(() => post.mockReset());

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
