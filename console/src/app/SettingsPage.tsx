import { Link, useParams } from '@tanstack/react-router';
import type { FunctionComponent } from 'react';
import { LimitsPart } from '../features/quotas/LimitsPart';
import { CalendarsPart } from '../features/scheduling/CalendarsPart';
import { t } from '../i18n/messages';
import { Page } from '../ui/Page';
import { AppearancePart } from './AppearancePart';

const parts = { limits: LimitsPart, calendars: CalendarsPart, appearance: AppearancePart } as const;

type PartName = keyof typeof parts;

const names = Object.keys(parts) as PartName[];

/** What the limits are, on which days nothing is sent, and how this browser shows the console. */
export function SettingsPage() {
  const { part } = useParams({ from: '/shell/settings/$part' });
  const name: PartName = names.find((known) => known === part) ?? 'limits';
  const Part: FunctionComponent = parts[name];
  return (
    <Page crumbs={[{ label: t('nav.settings') }]}>
      <div className="sx">
        <nav aria-label={t('settings.parts')}>
          {names.map((each) => (
            <Link key={each} to="/settings/$part" params={{ part: each }} activeOptions={{ includeSearch: false }}>
              {t(`settings.${each}`)}
            </Link>
          ))}
        </nav>
        <div className="settings-part">
          <Part />
        </div>
      </div>
    </Page>
  );
}
