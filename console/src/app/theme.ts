import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

// Mantine asks for ten shades; the tokens define the two that are used.
const ink: MantineColorsTuple = [
  '#F0EEE9',
  '#F0EEE9',
  '#F0EEE9',
  '#F0EEE9',
  '#F0EEE9',
  '#1C1B18',
  '#1C1B18',
  '#1C1B18',
  '#1C1B18',
  '#1C1B18',
];

const field = { input: 'in', label: 'lab', description: 'hint', error: 'err', root: 'field' };

/** Mantine with the tokens of the design. Its styles are layered below the console's, which the class names here refer to. */
export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  primaryColor: 'ink',
  primaryShade: { light: 9, dark: 0 },
  colors: { ink },
  defaultRadius: '7px',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  fontSizes: { xs: 'var(--t-12)', sm: 'var(--t-13)', md: 'var(--t-14)', lg: 'var(--t-16)', xl: 'var(--t-18)' },
  spacing: { xs: 'var(--s-2)', sm: 'var(--s-3)', md: 'var(--s-4)', lg: 'var(--s-6)', xl: 'var(--s-8)' },
  shadows: {
    xs: 'var(--shadow-1)',
    sm: 'var(--shadow-2)',
    md: 'var(--shadow-3)',
    lg: 'var(--shadow-3)',
    xl: 'var(--shadow-4)',
  },
  // By name: importing each component would put all of them into the first page.
  components: {
    ActionIcon: { classNames: { root: 'ib' } },
    Button: { classNames: { root: 'btn', label: 'btn-label', section: 'btn-section' } },
    Checkbox: { defaultProps: { size: '16px' } },
    Modal: { defaultProps: { centered: true, radius: '14px', transitionProps: { duration: 120 } } },
    PasswordInput: { classNames: field },
    SegmentedControl: { defaultProps: { size: 'xs' } },
    Select: { classNames: field },
    Textarea: { classNames: field },
    TextInput: { classNames: field },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {
    '--mantine-color-body': 'var(--sheet)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink-2)',
    '--mantine-color-placeholder': 'var(--ink-3)',
    '--mantine-color-default-border': 'var(--line-strong)',
    '--mantine-color-default-hover': 'var(--hover)',
    '--mantine-color-anchor': 'var(--accent-ink)',
    '--mantine-color-error': 'var(--failed-ink)',
    '--input-bd': 'var(--line-control)',
  },
  light: {},
  dark: {},
});
