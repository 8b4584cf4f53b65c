import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const day = 24 * 60 * 60 * 1000;

/** The module as a page loads it, with nothing in memory. */
const page = () => {
  vi.resetModules();
  return import('./kept');
};

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('unsaved work', () => {
  it('is there after the page is loaded again', async () => {
    (await page()).keep('live a', 'draft 1', { name: 'x' });

    expect((await page()).kept('live a', 'draft 1')?.value).toEqual({ name: 'x' });
  });

  it('is that of its owner, and none of another user or environment', async () => {
    const { keep, kept } = await page();
    keep('live a', 'draft 1', 'x');

    expect(kept('live b', 'draft 1')).toBeNull();
    expect(kept('sandbox a', 'draft 1')).toBeNull();
  });

  it('is what this page kept last, when storage is full and has an older one', async () => {
    const { keep, kept } = await page();
    keep('live a', 'draft 1', 'old');
    const old = localStorage.getItem(localStorage.key(0) ?? '');
    const setItem = vi.fn(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    vi.stubGlobal('localStorage', { getItem: () => old, setItem });
    keep('live a', 'draft 1', 'new');

    expect(setItem).toHaveBeenCalled();
    expect(kept('live a', 'draft 1')?.value).toBe('new');
  });

  it('of an owner who signs out is forgotten, in storage too', async () => {
    const { keep, kept, forgetAll } = await page();
    keep('live a', 'draft 1', 'x');
    keep('live ab', 'draft 1', 'y');

    forgetAll('live a');

    expect(kept('live a', 'draft 1')).toBeNull();
    expect(localStorage.length).toBe(1);
    expect(kept('live ab', 'draft 1')?.value).toBe('y');
  });

  it('is forgotten after 30 days', async () => {
    vi.setSystemTime(0);
    (await page()).keep('live a', 'draft 1', 'x');

    vi.setSystemTime(30 * day - 1);
    expect((await page()).kept('live a', 'draft 1')).not.toBeNull();
    vi.setSystemTime(30 * day);
    expect((await page()).kept('live a', 'draft 1')).toBeNull();
  });

  it('has at most 20 entries, of which the oldest goes first', async () => {
    const { keep } = await page();
    for (let index = 0; index < 21; index++) {
      vi.setSystemTime(index * 1000);
      keep('live a', `draft ${index}`, index);
    }

    const { kept } = await page();
    expect(localStorage.length).toBe(20);
    expect(kept('live a', 'draft 0')).toBeNull();
    expect(kept('live a', 'draft 1')?.value).toBe(1);
  });

  it('that is no such entry is ignored', async () => {
    const { keep } = await page();
    keep('live a', 'draft 1', 'x');
    localStorage.setItem(localStorage.key(0) ?? '', '{"savedAt":"yesterday"}');

    expect((await page()).kept('live a', 'draft 1')).toBeNull();
  });
});
