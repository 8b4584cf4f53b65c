import { t } from '../../i18n/messages';
import { DeveloperTabs } from '../../ui/DeveloperTabs';
import { Page } from '../../ui/Page';
import { useMe } from '../accounts/me';
import { OpenSandbox } from './OpenSandbox';
import { TimeMachine } from './TimeMachine';

/** The sandbox: a clock that only the user moves, and the messages that it captured. */
export function DevelopersPage() {
  const me = useMe();
  return (
    <Page crumbs={[{ label: t('nav.developers') }]} tabs={<DeveloperTabs />}>
      {me.kind === 'sandbox' ? <TimeMachine /> : <OpenSandbox />}
    </Page>
  );
}
