import {
  IconActivity,
  IconAdjustmentsHorizontal,
  IconCode,
  IconHome,
  IconServer2,
  IconTimeline,
  IconUserPlus,
  IconUsers,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import { useMe } from '../features/accounts/me';
import type { MessageKey } from '../i18n/messages';

export interface PageEntry {
  to: '/' | '/system' | '/sequences' | '/people' | '/activity' | '/enrol' | '/developers' | '/settings';
  label: MessageKey;
  icon: TablerIcon;
  /** The letter after `g`. */
  key: string;
}

/** The pages of the navigation, the palette and the shortcuts: only those that exist. */
export const mainPages: PageEntry[] = [
  { to: '/', label: 'nav.home', icon: IconHome, key: 'h' },
  { to: '/sequences', label: 'nav.sequences', icon: IconTimeline, key: 's' },
  { to: '/people', label: 'nav.people', icon: IconUsers, key: 'p' },
  { to: '/activity', label: 'nav.activity', icon: IconActivity, key: 'a' },
];

export const configurePages: PageEntry[] = [
  { to: '/developers', label: 'nav.developers', icon: IconCode, key: 'e' },
  { to: '/settings', label: 'nav.settings', icon: IconAdjustmentsHorizontal, key: ',' },
];

/** Pages for operators only. */
const operatorPages: PageEntry[] = [{ to: '/system', label: 'nav.system', icon: IconServer2, key: 'y' }];

/** Pages that buttons of other pages lead to. */
const hiddenPages: PageEntry[] = [{ to: '/enrol', label: 'nav.enrol', icon: IconUserPlus, key: 'n' }];

/** All pages that the user may open. */
export function usePages(): PageEntry[] {
  return [...mainPages, ...useMonitorPages(), ...configurePages, ...hiddenPages];
}

export function useMonitorPages(): PageEntry[] {
  return useMe().permissions.includes('operate') ? operatorPages : [];
}
