import {
  IconActivity,
  IconAdjustmentsHorizontal,
  IconCode,
  IconTimeline,
  IconUserPlus,
  IconUsers,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import type { MessageKey } from '../i18n/messages';

export interface PageEntry {
  to: '/sequences' | '/people' | '/activity' | '/enrol' | '/developers' | '/settings';
  label: MessageKey;
  icon: TablerIcon;
  /** The letter after `g`. */
  key: string;
}

/** The pages of the navigation, the palette and the shortcuts: only those that exist. */
export const mainPages: PageEntry[] = [
  { to: '/sequences', label: 'nav.sequences', icon: IconTimeline, key: 's' },
  { to: '/people', label: 'nav.people', icon: IconUsers, key: 'p' },
  { to: '/activity', label: 'nav.activity', icon: IconActivity, key: 'a' },
];

export const configurePages: PageEntry[] = [
  { to: '/developers', label: 'nav.developers', icon: IconCode, key: 'e' },
  { to: '/settings', label: 'nav.settings', icon: IconAdjustmentsHorizontal, key: ',' },
];

/** Pages that buttons of other pages lead to. */
export const hiddenPages: PageEntry[] = [{ to: '/enrol', label: 'nav.enrol', icon: IconUserPlus, key: 'n' }];

export const allPages = [...mainPages, ...configurePages, ...hiddenPages];
