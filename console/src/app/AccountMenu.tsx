import { Menu } from '@mantine/core';
import { IconApi, IconLogout, IconSelector } from '@tabler/icons-react';
import { useMe } from '../features/accounts/me';
import { useSignOut } from '../features/accounts/useSignOut';
import { t } from '../i18n/messages';
import { Icon } from '../ui/Icon';
import { Logo } from '../ui/Logo';

/** Names the environment; its menu leads to the API reference and signs out. */
export function AccountMenu() {
  const me = useMe();
  const signOut = useSignOut();
  return (
    <Menu position="bottom-start" shadow="md" width={208}>
      <Menu.Target>
        <button type="button" className="ws">
          <Logo />
          <span>
            <b>{t('app.name')}</b>
            <small className="env">{t(`env.${me.kind}`)}</small>
          </span>
          <Icon of={IconSelector} size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href="/docs" leftSection={<Icon of={IconApi} />}>
          {t('nav.reference')}
        </Menu.Item>
        <Menu.Item leftSection={<Icon of={IconLogout} />} onClick={() => signOut.mutate()}>
          {t('nav.signOut')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
