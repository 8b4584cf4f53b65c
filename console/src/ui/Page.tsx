import { IconChevronRight, IconFlask, IconLock } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useMe } from '../features/accounts/me';
import { LiveButton } from '../features/dispatch/LiveButton';
import { SandboxClock } from '../features/sandbox/SandboxClock';
import { t } from '../i18n/messages';
import { Icon } from './Icon';
import { Logo } from './Logo';
import { ZonePicker } from './ZonePicker';

export interface Crumb {
  label: string;
  to?: string;
}

interface Props {
  /** From the section to this page, which is the last. */
  crumbs: Crumb[];
  /** The tabs of the section, beside the crumbs; below the bar on a phone. */
  tabs?: ReactNode;
  actions?: ReactNode;
  /** A list that fills the sheet and scrolls by itself. */
  tall?: boolean;
  /** Whether the page's recipient has a time zone of their own to show. */
  recipient?: boolean;
  /** Whether the page follows what happens, which the user may pause. */
  live?: boolean;
  children: ReactNode;
}

/** A page on the sheet: the bar with the page's name, time zone and actions, and the content. */
export function Page({ crumbs, tabs, actions, tall, recipient, live, children }: Props) {
  const me = useMe();
  const name = crumbs.at(-1)?.label ?? '';
  useEffect(() => {
    document.title = `${name} · ${t('app.name')}`;
  }, [name]);
  return (
    <div className={tall ? 'sheet tall' : 'sheet'}>
      <header className="bar">
        <div className="crumbs">
          <Logo size={20} />
          {crumbs.map(({ label, to }) => (
            <Crumbs key={label} label={label} to={to} />
          ))}
        </div>
        {tabs && <div className="bar-tabs">{tabs}</div>}
        {me.kind === 'sandbox' && (
          <div className="clockchip">
            <Icon of={IconFlask} size={14} />
            <span>{t('env.sandbox')}</span>
            <SandboxClock />
          </div>
        )}
        {me.readOnly && (
          <div className="rochip" title={t('nav.readOnly.hint')}>
            <Icon of={IconLock} size={14} />
            {t('nav.readOnly')}
          </div>
        )}
        <div className="context">
          <ZonePicker recipient={recipient} />
          {live && <LiveButton />}
        </div>
        <div className="acts">{actions}</div>
      </header>
      <main id="main" className="page" tabIndex={-1}>
        {tabs && <div className="ptabs">{tabs}</div>}
        {children}
      </main>
    </div>
  );
}

function Crumbs({ label, to }: Crumb) {
  return to ? (
    <>
      <Link to={to}>{label}</Link>
      <Icon of={IconChevronRight} size={12} />
    </>
  ) : (
    <b>{label}</b>
  );
}
