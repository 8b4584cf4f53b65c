import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent } from 'react';
import { usePages } from './pages';

interface Actions {
  openPalette: () => void;
  openKeys: () => void;
}

const patience = 1500;

/** The keys that work on every page. Single letters are off while a field has focus. */
export function useShortcuts({ openPalette, openKeys }: Actions): void {
  const navigate = useNavigate();
  const pages = usePages();
  const press = useEffectEvent((event: KeyboardEvent, afterG: boolean): 'g' | null => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      openPalette();
      return null;
    }
    if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) {
      return null;
    }
    const page = afterG && pages.find(({ key }) => key === event.key);
    if (page) {
      event.preventDefault();
      void navigate({ to: page.to });
      return null;
    }
    if (event.key === '?') {
      openKeys();
    } else if (event.key === 't') {
      void navigate({
        to: '.',
        search: ({ tz, ...old }) => ({ ...old, tz: tz === 'utc' ? undefined : 'utc' }),
      });
    } else if (event.key === '/') {
      const field = document.querySelector<HTMLInputElement>('[data-filter]');
      if (field) {
        event.preventDefault();
        field.focus();
      }
    }
    return event.key === 'g' ? 'g' : null;
  });

  useEffect(() => {
    let pressedG = 0;
    const listen = (event: KeyboardEvent) => {
      const afterG = event.timeStamp - pressedG < patience && pressedG > 0;
      pressedG = press(event, afterG) === 'g' ? event.timeStamp : 0;
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

/** Whether a letter goes into a field, or a dialog or menu handles it. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('input:not([type=checkbox]), textarea, select, [role=dialog], [role=menu]') !== null)
  );
}
