import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { followWhileUsed } from './presence';

const store = { join: vi.fn(), leave: vi.fn() };
let hidden = false;
let end: () => void;

const show = (shown: boolean) => {
  hidden = !shown;
  document.dispatchEvent(new Event('visibilitychange'));
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  end = followWhileUsed(store);
});
afterEach(() => {
  end();
  hidden = false;
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.clearAllMocks();
});

it('leaves a minute after the tab is hidden, and returns when it is shown', () => {
  expect(store.join).toHaveBeenCalledOnce();
  show(false);
  vi.advanceTimersByTime(59_999);
  expect(store.leave).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(store.leave).toHaveBeenCalledOnce();

  show(true);

  expect(store.join).toHaveBeenCalledTimes(2);
});

it('leaves after half an hour without input', () => {
  vi.advanceTimersByTime(29 * 60_000);
  window.dispatchEvent(new Event('keydown'));
  vi.advanceTimersByTime(29 * 60_000);
  expect(store.leave).not.toHaveBeenCalled();

  vi.advanceTimersByTime(60_000);

  expect(store.leave).toHaveBeenCalledOnce();
});
