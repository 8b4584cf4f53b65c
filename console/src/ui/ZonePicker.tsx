import { Menu } from '@mantine/core';
import { IconChevronDown, IconWorld } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { t } from '../i18n/messages';
import { myZone } from '../i18n/time';
import { Icon } from './Icon';

type Choice = 'mine' | 'utc' | 'recipient';

/** The zone of the page's times. The choice is part of the address, so that a link shows the same times. */
export function ZonePicker({ recipient }: { recipient?: boolean }) {
  const { tz = 'mine' } = useSearch({ strict: false }) as { tz?: Choice };
  const navigate = useNavigate();
  const choices: Choice[] = recipient ? ['mine', 'recipient', 'utc'] : ['mine', 'utc'];
  const name = (choice: Choice) => (choice === 'mine' ? city(myZone) : t(`zone.${choice}`));
  const shown = choices.includes(tz) ? tz : 'mine';
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <button type="button" className="tz" aria-label={t('zone.label', { zone: name(shown) })}>
          <Icon of={IconWorld} size={14} />
          {name(shown)}
          <Icon of={IconChevronDown} size={12} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((choice) => (
          <Menu.Item
            key={choice}
            role="menuitemradio"
            aria-checked={choice === shown}
            onClick={() =>
              navigate({ to: '.', search: (old: object) => ({ ...old, tz: choice === 'mine' ? undefined : choice }) })
            }
          >
            {choice === 'mine' ? `${t('zone.mine')} (${city(myZone)})` : name(choice)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** `Europe/Berlin` reads as Berlin. */
function city(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}
