/** The tokens of the console's look, handed to Mantine. Every colour of a screen comes from here. */
import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core';
import { texts } from '../texts/index.ts';

const light = {
  '--page': '#f7f7f5',
  '--surface': '#ffffff',
  '--line': '#e3e3df',
  '--control-line': '#878c93',
  '--text': '#1b1d21',
  '--quiet': '#5c626b',
  '--accent': '#2f5d8c',
  '--accent-soft': '#e9f0f7',
  '--on-accent': '#ffffff',
  '--good': '#1f7a4d',
  '--warn': '#9a6700',
  '--bad': '#b3261e',
  '--on-bad': '#ffffff',
  '--hover': '#f1f1ee',
  '--shadow': '0 8px 24px rgb(27 29 33 / 14%)',
};

const dark: typeof light = {
  '--page': '#14161a',
  '--surface': '#1c1f24',
  '--line': '#2e3238',
  '--control-line': '#707781',
  '--text': '#ecedee',
  '--quiet': '#a3a9b3',
  '--accent': '#7fb0e0',
  '--accent-soft': '#233142',
  '--on-accent': '#10161d',
  '--good': '#5cc48e',
  '--warn': '#e0b34a',
  '--bad': '#f2857c',
  '--on-bad': '#1b1d21',
  '--hover': '#262a30',
  '--shadow': '0 8px 24px rgb(0 0 0 / 50%)',
};

const accent: MantineColorsTuple = [
  '#eef4fa',
  '#dbe7f3',
  '#b5cee6',
  '#7fb0e0',
  '#699fd3',
  '#5288bd',
  '#3f73a5',
  '#2f5d8c',
  '#264c73',
  '#1c3a58',
];

const good: MantineColorsTuple = [
  '#e8f5ee',
  '#cfe9dc',
  '#9fd4b9',
  '#5cc48e',
  '#45b37b',
  '#34a06a',
  '#288d5b',
  '#1f7a4d',
  '#19633e',
  '#124a2e',
];

const bad: MantineColorsTuple = [
  '#fdeeed',
  '#f9d9d6',
  '#f5b0aa',
  '#f2857c',
  '#e5655b',
  '#d44b41',
  '#c4372d',
  '#b3261e',
  '#931e17',
  '#701610',
];

const gray: MantineColorsTuple = [
  '#f7f7f5',
  '#f1f1ee',
  '#eaeae6',
  '#e3e3df',
  '#878c93',
  '#6f757d',
  '#5c626b',
  '#454a52',
  '#2f3339',
  '#1b1d21',
];

const darkScale: MantineColorsTuple = [
  '#ecedee',
  '#c9ccd1',
  '#a3a9b3',
  '#707781',
  '#2e3238',
  '#262a30',
  '#1c1f24',
  '#14161a',
  '#101216',
  '#0b0d10',
];

/** The header of a dialog is no second banner of the page. */
const headless = { header: { role: 'presentation' } };
const quickly = { transitionProps: { duration: 100 } };

/** The text on a filled control has a token of its own: dark on the dark theme's accent. */
const variantColorResolver: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input);
  if (input.variant !== 'filled') return colors;
  return { ...colors, color: input.color === 'bad' ? 'var(--on-bad)' : 'var(--on-accent)' };
};

export const theme = createTheme({
  variantColorResolver,
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  primaryColor: 'accent',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  black: '#1b1d21',
  colors: { accent, good, bad, gray, dark: darkScale },
  defaultRadius: 8,
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontSizes: { xs: '0.75rem', sm: '0.875rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1rem', lineHeight: '1.4' },
      h3: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  shadows: { xs: 'none', sm: 'none', md: 'var(--shadow)', lg: 'var(--shadow)', xl: 'var(--shadow)' },
  components: {
    Modal: {
      defaultProps: { ...quickly, attributes: headless, centered: true, overlayProps: { backgroundOpacity: 0.4 } },
    },
    Drawer: { defaultProps: { ...quickly, attributes: headless } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': texts.actions.close } } },
    Menu: { defaultProps: { ...quickly, shadow: 'md', position: 'bottom-end', withInitialFocusPlaceholder: false } },
    // Inside the page's landmark: what opens over the page belongs to its content.
    Popover: { defaultProps: { ...quickly, portalProps: { target: '#overlays' } } },
    Tooltip: { defaultProps: { ...quickly, openDelay: 300, portalProps: { target: '#overlays' } } },
    Collapse: { defaultProps: { transitionDuration: 120 } },
    Button: { defaultProps: { size: 'sm' } },
    Combobox: { defaultProps: { keepMounted: false } },
    InputWrapper: { defaultProps: { inputWrapperOrder: ['label', 'input', 'error', 'description'] } },
    Loader: { defaultProps: { size: 'sm' } },
    Anchor: { defaultProps: { underline: 'hover' } },
    Table: { defaultProps: { borderColor: 'var(--line)' } },
    Checkbox: { defaultProps: { iconColor: 'var(--on-accent)' } },
    CheckboxIndicator: { defaultProps: { iconColor: 'var(--on-accent)' } },
    Radio: { defaultProps: { iconColor: 'var(--on-accent)' } },
    RadioIndicator: { defaultProps: { iconColor: 'var(--on-accent)' } },
  },
});

const mantine = {
  '--mantine-color-body': 'var(--page)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-dimmed': 'var(--quiet)',
  '--mantine-color-placeholder': 'var(--quiet)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--control-line)',
  // Mantine's own are the lightest of each scale in the dark theme: a badge or a notice would lose what its colour says.
  '--mantine-color-accent-outline': 'var(--accent)',
  '--mantine-color-good-outline': 'var(--good)',
  '--mantine-color-bad-outline': 'var(--bad)',
  '--mantine-color-gray-outline': 'var(--quiet)',
  '--mantine-color-disabled': 'var(--hover)',
  '--mantine-color-disabled-color': 'var(--quiet)',
  '--mantine-color-disabled-border': 'var(--line)',
};

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...light, ...mantine },
  dark: { ...dark, ...mantine },
});
