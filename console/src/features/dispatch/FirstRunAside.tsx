import { Button } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { t } from '../../i18n/messages';
import { Icon } from '../../ui/Icon';
import { useMe } from '../accounts/me';

const bars = [6, 18, 52, 30, 24, 20, 36, 44, 26, 12, 8, 4];

/** What Home will show, and where to try things out. */
export function FirstRunAside() {
  const { kind } = useMe();
  return (
    <aside className="stack">
      <div className="ghost-h">
        <div className="bars" aria-hidden="true">
          {bars.map((height) => (
            <i key={height} style={{ height }} />
          ))}
        </div>
        <h2>{t('first.see')}</h2>
        <p>{t('first.see.text')}</p>
      </div>
      {kind === 'live' && (
        <div className="ghost-h">
          <h2>{t('first.explore')}</h2>
          <p>{t('first.explore.text')}</p>
          <Button component={Link} to="/developers" className="small" leftSection={<Icon of={IconFlask} />}>
            {t('sandbox.open')}
          </Button>
        </div>
      )}
    </aside>
  );
}
