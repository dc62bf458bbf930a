import {
  createTheme,
  defaultCssVariablesResolver,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** The one accent. Shade 8 (7 in the dark) carries white text at AA contrast. */
const petrol: MantineColorsTuple = [
  '#ecf7f8',
  '#d5ecee',
  '#aedade',
  '#82c7cd',
  '#58b2ba',
  '#379ca6',
  '#238893',
  '#17747f',
  '#0f616b',
  '#094a52',
];

/** Warnings and missing inputs. */
const amber: MantineColorsTuple = [
  '#fff6e3',
  '#fcead0',
  '#f5d39f',
  '#eebb6b',
  '#e4a440',
  '#d0902a',
  '#b1771b',
  '#946013',
  '#7a4c0c',
  '#5f3a06',
];

/** Refusals and destructive acts. */
const rust: MantineColorsTuple = [
  '#fdefec',
  '#fadcd6',
  '#f3b7ab',
  '#eb8f7d',
  '#e06c56',
  '#d1523b',
  '#bd412b',
  '#a33522',
  '#8b2a19',
  '#6d1f11',
];

/** Almost everything on a page: text, rules, quiet backgrounds. */
const gray: MantineColorsTuple = [
  '#f7f7f5',
  '#f0f0ed',
  '#e5e5e1',
  '#d6d7d3',
  '#bcbfbd',
  '#969c9d',
  '#737b7e',
  '#566064',
  '#3a4347',
  '#1d2326',
];

const dark: MantineColorsTuple = [
  '#e4e8e9',
  '#bcc5c9',
  '#98a4aa',
  '#6d7a81',
  '#46525a',
  '#323c42',
  '#252d32',
  '#1b2125',
  '#14191c',
  '#0e1214',
];

export const theme = createTheme({
  primaryColor: 'petrol',
  primaryShade: { light: 8, dark: 7 },
  colors: { petrol, amber, rust, gray, dark },
  fontFamily: '"Inter Variable", "Inter Fallback", system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontWeight: '620' },
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
});

/** Mantine's own semantic colours, set to the page's tokens in both schemes. */
export const cssVariablesResolver: CSSVariablesResolver = (merged) => {
  const standard = defaultCssVariablesResolver(merged);
  return {
    variables: {},
    light: {
      ...standard.light,
      '--mantine-color-body': '#fcfcfb',
      '--mantine-color-text': '#1d2326',
      '--mantine-color-dimmed': '#566064',
      '--mantine-color-placeholder': '#6b7477',
      '--mantine-color-default-border': '#d6d7d3',
      '--mantine-color-anchor': '#0f616b',
      '--mantine-color-error': '#a33522',
    },
    dark: {
      ...standard.dark,
      '--mantine-color-body': '#14191c',
      '--mantine-color-text': '#e4e8e9',
      '--mantine-color-dimmed': '#98a4aa',
      '--mantine-color-placeholder': '#8b979d',
      '--mantine-color-default-border': '#323c42',
      '--mantine-color-anchor': '#82c7cd',
      '--mantine-color-error': '#eb8f7d',
    },
  };
};
