import { lingui } from '@lingui/vite-plugin';
import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from '@mantine/core';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { cssVariablesResolver, theme } from './src/app/theme.ts';

const THEME_CSS = 'virtual:theme.css';

type Variables = ReturnType<typeof cssVariablesResolver>;

/** Variables of the theme that differ from Mantine's own defaults, which its stylesheet already carries. */
const changed = (mine: Variables['variables'], standard: Variables['variables']): Variables['variables'] =>
  Object.fromEntries(
    Object.entries(mine).filter(([name, value]) => standard[name as keyof typeof standard] !== value),
  );

/**
 * Writes the theme's CSS variables into the stylesheet at build time. Mantine would inject them as a <style> element,
 * which a strict content security policy refuses and which arrives after the first paint.
 */
const themeCss = (): Plugin => ({
  name: 'theme-css',
  resolveId: (id) => (id === THEME_CSS ? `/${THEME_CSS}` : undefined),
  load: (id) => {
    if (id !== `/${THEME_CSS}`) return undefined;
    const merged = mergeMantineTheme(DEFAULT_THEME, theme);
    const standard = defaultCssVariablesResolver(DEFAULT_THEME);
    const base = defaultCssVariablesResolver(merged);
    const own = cssVariablesResolver(merged);
    return convertCssVariables({
      variables: changed({ ...base.variables, ...own.variables }, standard.variables),
      light: changed({ ...base.light, ...own.light }, standard.light),
      dark: changed({ ...base.dark, ...own.dark }, standard.dark),
    });
  },
});

/** The engine that draws; each kind of picture but the common ones comes on its own. */
const isEngine = (id: string): boolean =>
  /node_modules\/(?:echarts|zrender)\//u.test(id) &&
  !/\/(?:chart\/(?:map|sunburst)|coord\/geo|component\/geo)\//u.test(id);

export default defineConfig({
  root: import.meta.dirname,
  plugins: [
    themeCss(),
    react(),
    lingui({ macroTransform: true, configPath: `${import.meta.dirname}/lingui.config.ts` }),
  ],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'baseline-widely-available',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // One script, loaded when the first picture is seen.
      output: { codeSplitting: { groups: [{ name: 'charts', test: isEngine }] } },
    },
  },
});
