import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useState } from 'react';
import type { Instance } from '../../api/schemas';
import { isTyping } from '../../app/useShortcuts';
import type { Selection } from './useSelection';

type Rows = Pick<Virtualizer<HTMLDivElement, Element>, 'scrollToIndex'>;

/** `j` and `k` move between rows, Enter opens the focused one, `x` selects it, Esc clears the selection. Returns the current row. */
export function useRowKeys(items: Instance[], rows: Rows, selection: Selection | null): number {
  const [at, setAt] = useState(-1);
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) {
      return;
    }
    const step = event.key === 'j' ? 1 : event.key === 'k' ? -1 : 0;
    const current = items[at];
    if (step !== 0) {
      const next = Math.max(0, Math.min(items.length - 1, at + step));
      setAt(next);
      rows.scrollToIndex(next);
      // The row may be drawn only after it has scrolled into view.
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`tr[data-index="${next}"] a`)?.focus());
    } else if (event.key === 'x' && current) {
      selection?.toggle(current.id);
    } else if (event.key === 'Escape') {
      selection?.clear();
    }
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
  return at;
}
