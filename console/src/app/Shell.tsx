import { Outlet } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useMe } from '../features/accounts/me';
import { LiveProvider } from '../features/dispatch/LiveProvider';
import { t } from '../i18n/messages';
import { Navigation } from './Navigation';
import { TabBar } from './TabBar';
import { useShortcuts } from './useShortcuts';

// Dialogs are not part of the first page.
const Palette = lazy(() => import('./Palette'));
const ShortcutMap = lazy(() => import('./ShortcutMap'));

/** The desk: navigation beside the page, or a tab bar below it on a phone. */
export function Shell() {
  const me = useMe();
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [keysOpen, setKeysOpen] = useState(false);
  useShortcuts({ openPalette: () => setPaletteOpen(true), openKeys: () => setKeysOpen(true) });
  useEffect(() => {
    const { dataset } = document.documentElement;
    dataset.environment = me.kind;
    dataset.mode = me.readOnly ? 'readonly' : 'write';
    return () => {
      delete dataset.environment;
      delete dataset.mode;
    };
  }, [me.kind, me.readOnly]);
  return (
    <LiveProvider>
      <a className="skiplink" href="#main">
        {t('nav.skip')}
      </a>
      <div className="app">
        <Navigation openPalette={() => setPaletteOpen(true)} openKeys={() => setKeysOpen(true)} />
        <Outlet />
        <TabBar />
      </div>
      <Suspense>
        {keysOpen && <ShortcutMap close={() => setKeysOpen(false)} />}
        {paletteOpen && <Palette close={() => setPaletteOpen(false)} />}
      </Suspense>
    </LiveProvider>
  );
}
