import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { t } from '../i18n/messages';

/** The theme that is not in use, to switch to. */
export function useOtherTheme() {
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark';
  return {
    label: t(`nav.theme.${other}`),
    icon: other === 'dark' ? IconMoon : IconSun,
    use: () => setColorScheme(other),
  };
}
