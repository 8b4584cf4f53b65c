import { ActionIcon } from '@mantine/core';
import { Icon } from '../ui/Icon';
import { useOtherTheme } from './useOtherTheme';

export function ThemeSwitch() {
  const { label, icon, use } = useOtherTheme();
  return (
    <ActionIcon variant="transparent" aria-label={label} title={label} onClick={use}>
      <Icon of={icon} />
    </ActionIcon>
  );
}
