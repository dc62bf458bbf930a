/**
 * Where a story is told: one browser context of one width, as one person, with everything that is looked at on the way.
 *
 *   await stage.open('/holdings');            // a full load, until the page is at rest
 *   await stage.look('holdings');             // axe, width, shifts, policy; a picture when asked for
 *   await stage.step('sells some', async () => …);
 *
 * Contents: Stage · describeError · openStage
 */
import { join } from 'node:path';

import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page } from 'playwright';

import { measureOverflow } from './in-page.ts';
import type { Product } from './product.ts';
import { watchContext } from './watch.ts';
import type { Watch } from './watch.ts';

export type Scheme = 'light' | 'dark';

/** How a person looks at it. */
export type View = { readonly width: number; readonly height: number; readonly scheme: Scheme };

/** From this width on the pages stand in a rail at the left. */
const RAIL_FROM = 1024;
const ACT_WITHIN_MS = 15_000;
const LOAD_WITHIN_MS = 30_000;
const REST_MS = 80;
const REST_WITHIN_MS = 30_000;
const AXE_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export const OUT = join(import.meta.dirname, '../out');

export type Stage = {
  readonly product: Product;
  readonly view: View;
  readonly isPhone: boolean;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly watch: Watch;
  /** Names a part of the story, for the report of a failure. */
  step<T>(name: string, act: () => Promise<T>): Promise<T>;
  /** Loads an address from scratch, each of its requests once. */
  open(path: string): Promise<void>;
  /** Waits until nothing is under way. */
  rest(): Promise<void>;
  /** Judges the page as it stands. */
  look(name: string): Promise<void>;
  /** Only whether the page fits its window: for when nothing else changed. */
  lookAtWidth(name: string): Promise<void>;
  /** Something that must hold but does not keep the story from going on: a failure becomes a finding. */
  holds(what: string, act: () => Promise<unknown>): Promise<void>;
  /** The current step. */
  at(): string;
};

/** What went wrong, and where in the story. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const lines = (error.stack ?? '').split('\n');
  const where = lines.filter((line) => /\/journeys\/(?:stories|run)\//u.test(line)).slice(0, 2);
  const words = error.message.replaceAll(/\u001b\[\d+m/gu, '').split(/\n+Call log:/u, 1)[0] ?? '';
  return `${words.trim()}\n${where.map((line) => line.trim()).join('\n')}`;
};

type StageOptions = {
  readonly browser: Browser;
  readonly product: Product;
  readonly view: View;
  /** Folder for a picture of each page that is looked at, or nothing. */
  readonly pictures: string | undefined;
  readonly language?: string;
};

/** Waits until the page asks for nothing and waits for nothing. */
const untilRest = async (page: Page, watch: Watch): Promise<void> => {
  const deadline = performance.now() + REST_WITHIN_MS;
  let quietSince = performance.now();
  while (performance.now() - quietSince < REST_MS) {
    if (performance.now() > deadline) {
      const waiting = [...watch.inFlight].map((request) => request.url());
      throw new Error(`${page.url()} does not come to rest; it waits for ${waiting.join(', ') || 'itself'}`);
    }
    await page.waitForTimeout(20);
    const busy =
      watch.inFlight.size > 0 || (await page.locator('[aria-busy="true"], .mantine-Loader-root').count()) > 0;
    if (busy) quietSince = performance.now();
  }
};

const judgeWidth = async (page: Page, watch: Watch, name: string): Promise<void> => {
  const { pixels, blame } = await page.evaluate(measureOverflow);
  if (pixels > 0) watch.findings.push(`${name} is ${pixels} px wider than its window: ${blame.join(' | ')}`);
  await watch.readPage(page, name);
};

const judge = async (page: Page, watch: Watch, name: string): Promise<void> => {
  await judgeWidth(page, watch, name);
  const { violations } = await new AxeBuilder({ page }).withTags(AXE_TAGS).setLegacyMode(true).analyze();
  for (const { id, help, nodes } of violations) {
    const where = nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.html.slice(0, 120)}`);
    watch.findings.push(`axe on ${name}: ${id}, ${help} (${nodes.length}): ${where.join(' | ')}`);
  }
};

const contextOf = async ({ browser, product, view, language }: StageOptions): Promise<BrowserContext> => {
  const isPhone = view.width < RAIL_FROM;
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: { width: view.width, height: view.height },
    colorScheme: view.scheme,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
    isMobile: isPhone,
    hasTouch: isPhone,
  });
  context.setDefaultTimeout(ACT_WITHIN_MS);
  context.setDefaultNavigationTimeout(LOAD_WITHIN_MS);
  if (language !== undefined) {
    await context.addInitScript((chosen) => localStorage.setItem('pm-language', chosen), language);
  }
  return context;
};

/** Opens a context with one page, watched from the first request on. */
export const openStage = async (options: StageOptions): Promise<Stage> => {
  const { product, view, pictures } = options;
  const context = await contextOf(options);
  const watch = await watchContext(context, product.url);
  const page = await context.newPage();
  let current = 'the beginning';
  const rest = async (): Promise<void> => untilRest(page, watch);
  const picture = async (name: string): Promise<void> => {
    if (pictures === undefined) return;
    const file = `${view.width}-${view.scheme} ${name}.png`.replaceAll(/[^\w.-]+/gu, '-');
    await page.screenshot({ path: join(pictures, file), fullPage: true });
  };
  return {
    product,
    view,
    isPhone: view.width < RAIL_FROM,
    context,
    page,
    watch,
    rest,
    at: () => current,
    step: async (name, act) => {
      current = name;
      return act();
    },
    holds: async (what, act) => {
      try {
        await act();
      } catch (error) {
        watch.findings.push(`${what} (step “${current}”): ${describeError(error)}`);
      }
    },
    open: async (path) => {
      watch.beginLoad();
      await page.goto(path, { waitUntil: 'domcontentloaded' });
      await rest();
      watch.endLoad();
    },
    look: async (name) => {
      await rest();
      await judge(page, watch, `${name} (step “${current}”)`);
      await picture(name);
    },
    lookAtWidth: async (name) => {
      await rest();
      await judgeWidth(page, watch, `${name} (step “${current}”)`);
      await picture(name);
    },
  };
};
