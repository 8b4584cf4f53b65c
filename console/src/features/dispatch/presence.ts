import type { LiveStore } from './liveStore';

const longestHidden = 60_000;
const longestIdle = 30 * 60_000;

/** Lets a store take part while its tab is used: it leaves a minute after the tab is hidden, and after half an hour without input. */
export function followWhileUsed(store: Pick<LiveStore, 'join' | 'leave'>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const used = () => {
    clearTimeout(timer);
    timer = setTimeout(() => store.leave(), document.hidden ? longestHidden : longestIdle);
    if (!document.hidden) {
      store.join();
    }
  };
  const inputs = ['pointerdown', 'keydown', 'wheel'] as const;
  used();
  document.addEventListener('visibilitychange', used);
  for (const input of inputs) {
    window.addEventListener(input, used, { passive: true });
  }
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', used);
    for (const input of inputs) {
      window.removeEventListener(input, used);
    }
    store.leave();
  };
}
