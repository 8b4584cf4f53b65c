import { Menu } from '@mantine/core';
import { IconApi, IconLogout, IconMenu2 } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSignOut } from '../features/accounts/useSignOut';
import { t } from '../i18n/messages';
import { Icon } from '../ui/Icon';
import { configurePages, mainPages, useMonitorPages } from './pages';
import { useOtherTheme } from './useOtherTheme';

/** The navigation of a phone. What does not fit is behind More. */
export function TabBar() {
  const signOut = useSignOut();
  const monitorPages = useMonitorPages();
  const theme = useOtherTheme();
  return (
    <nav className="tabbar" aria-label={t('nav.phone')}>
      {mainPages.map(({ to, label, icon }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
          <Icon of={icon} size={20} />
          <span>{t(label)}</span>
        </Link>
      ))}
      <Menu position="top-end" shadow="md" width={220}>
        <Menu.Target>
          <button type="button">
            <Icon of={IconMenu2} size={20} />
            <span>{t('nav.more')}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {[...monitorPages, ...configurePages].map(({ to, label, icon }) => (
            <Menu.Item key={to} component={Link} to={to} leftSection={<Icon of={icon} />}>
              {t(label)}
            </Menu.Item>
          ))}
          <Menu.Item leftSection={<Icon of={theme.icon} />} onClick={theme.use}>
            {theme.label}
          </Menu.Item>
          <Menu.Item component="a" href="/docs" leftSection={<Icon of={IconApi} />}>
            {t('nav.reference')}
          </Menu.Item>
          <Menu.Item leftSection={<Icon of={IconLogout} />} onClick={() => signOut.mutate()}>
            {t('nav.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
