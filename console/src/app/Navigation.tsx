import { ActionIcon } from '@mantine/core';
import { IconQuestionMark, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMe } from '../features/accounts/me';
import { overviewQuery } from '../features/dispatch/overview';
import { attentionOf } from '../features/dispatch/sending';
import { t } from '../i18n/messages';
import { number } from '../i18n/time';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { commandKey, Keys } from '../ui/Keys';
import { AccountMenu } from './AccountMenu';
import { EnginePulse } from './EnginePulse';
import { configurePages, mainPages, type PageEntry, useMonitorPages } from './pages';
import { ThemeSwitch } from './ThemeSwitch';

interface Props {
  openPalette: () => void;
  openKeys: () => void;
}

export function Navigation({ openPalette, openKeys }: Props) {
  const me = useMe();
  const monitorPages = useMonitorPages();
  return (
    <nav className="nav" aria-label={t('nav.main')}>
      <AccountMenu />
      <button type="button" className="find" onClick={openPalette}>
        <Icon of={IconSearch} />
        <span>{t('nav.find')}</span>
        <Keys keys={[`${commandKey}K`]} />
      </button>
      <Entries pages={mainPages} />
      {monitorPages.length > 0 && (
        <>
          <h2>{t('nav.monitor')}</h2>
          <Entries pages={monitorPages} />
        </>
      )}
      {configurePages.length > 0 && (
        <>
          <h2>{t('nav.configure')}</h2>
          <Entries pages={configurePages} />
        </>
      )}
      <div className="foot">
        <EnginePulse />
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
  const { data: overview } = useQuery(overviewQuery);
  const attention = overview ? attentionOf(overview) : 0;
  return (
    <ul>
      {pages.map(({ to, label, icon }) => (
        <li key={to}>
          <Link to={to} activeOptions={{ exact: to === '/', includeSearch: false }}>
            <Icon of={icon} size={18} />
            <span>{t(label)}</span>
            {to === '/people' && attention > 0 && (
              <em>
                <span aria-hidden="true">{number(attention)}</span>
                <span className="sr">{t('nav.attention', { n: attention })}</span>
              </em>
            )}
          </Link>
        </li>
      ))}
    </ul>
  );
}
