import { ActionIcon } from '@mantine/core';
import { IconQuestionMark, IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useMe } from '../features/accounts/me';
import { t } from '../i18n/messages';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { commandKey, Keys } from '../ui/Keys';
import { AccountMenu } from './AccountMenu';
import { configurePages, mainPages, type PageEntry } from './pages';
import { ThemeSwitch } from './ThemeSwitch';

interface Props {
  openPalette: () => void;
  openKeys: () => void;
}

export function Navigation({ openPalette, openKeys }: Props) {
  const me = useMe();
  return (
    <nav className="nav" aria-label={t('nav.main')}>
      <AccountMenu />
      <button type="button" className="find" onClick={openPalette}>
        <Icon of={IconSearch} />
        <span>{t('nav.find')}</span>
        <Keys keys={[`${commandKey}K`]} />
      </button>
      <Entries pages={mainPages} />
      {configurePages.length > 0 && (
        <>
          <h2>{t('nav.configure')}</h2>
          <Entries pages={configurePages} />
        </>
      )}
      <div className="foot">
        <div className="me">
          <Avatar name={me.subject} />
          <span className="clip">{me.subject}</span>
          <ThemeSwitch />
          <ActionIcon variant="transparent" aria-label={t('nav.help')} title={t('nav.help')} onClick={openKeys}>
            <Icon of={IconQuestionMark} />
          </ActionIcon>
        </div>
      </div>
    </nav>
  );
}

function Entries({ pages }: { pages: PageEntry[] }) {
  return (
    <ul>
      {pages.map(({ to, label, icon }) => (
        <li key={to}>
          <Link to={to}>
            <Icon of={icon} size={18} />
            <span>{t(label)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
