/**
 * The journeys: numbered stories in a real browser against the real product, each at the width of a phone and of a
 * desktop. Both worlds run at the same time, each with a product, a data folder and a browser of its own.
 *
 *   node tests/journeys/main.ts [02 05 …] [--width=390] [--pictures]
 *
 * Contents: runJourneys
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser } from 'playwright';

import { findChromium, launchBrowser } from './run/browser.ts';
import { startProduct } from './run/product.ts';
import type { Product } from './run/product.ts';
import { Refusal } from './run/refusal.ts';
import { describeError, openStage, OUT } from './run/stage.ts';
import type { Stage, View } from './run/stage.ts';
import type { Story } from './run/story.ts';
import { STORIES } from './stories/index.ts';

/** A desktop by day and a phone by night. */
const VIEWS: readonly View[] = [
  { width: 1440, height: 900, scheme: 'light' },
  { width: 390, height: 844, scheme: 'dark' },
];
/** A story that takes longer is stuck. */
const STORY_WITHIN_MS = 240_000;

type Wish = {
  readonly numbers: readonly string[];
  readonly views: readonly View[];
  readonly pictures: boolean;
};
type Tally = { passed: number; failed: number };

const wishOf = (args: readonly string[]): Wish => {
  const width = Number(
    args.find((one) => one.startsWith('--width='))?.slice('--width='.length) ?? Number.NaN,
  );
  const views = VIEWS.filter((view) => Number.isNaN(width) || view.width === width);
  const numbers = args.filter((one) => /^\d+$/u.test(one)).map((one) => one.padStart(2, '0'));
  const strange = args.find((one) => !/^(?:\d+|--width=\d+|--pictures)$/u.test(one));
  const unknown = numbers.find((number) => !STORIES.some((story) => story.number === number));
  if (strange !== undefined) throw new Refusal(`The journeys do not know ${strange}.`);
  if (unknown !== undefined) throw new Refusal(`There is no story ${unknown}.`);
  if (views.length === 0) throw new Refusal(`The journeys are told at 390 and 1440 px, not at ${width}.`);
  return { numbers, views, pictures: args.includes('--pictures') };
};

const labelOf = ({ width, scheme }: View): string => `${width} px, ${scheme}`;

const withinTime = async (act: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the story takes longer than ${STORY_WITHIN_MS / 1000} s`)),
      STORY_WITHIN_MS,
    );
  });
  try {
    await Promise.race([act, late]);
  } finally {
    clearTimeout(timer);
  }
};

const tell = async (story: Story, stage: Stage): Promise<readonly string[]> => {
  try {
    await withinTime(story.tell(stage));
    return [...new Set(stage.watch.findings)];
  } catch (error) {
    return [
      `at “${stage.at()}” (${stage.page.url()}): ${describeError(error)}`,
      ...new Set(stage.watch.findings),
    ];
  }
};

/** Tells one story; a failed one leaves a picture and a trace. @returns what is wrong */
const tellWithTrace = async (
  story: Story,
  world: { readonly browser: Browser; readonly product: Product; readonly view: View },
  pictures: boolean,
): Promise<readonly string[]> => {
  const stage = await openStage({ ...world, pictures: pictures ? join(OUT, 'pictures') : undefined });
  const name = join(OUT, `${story.number}-${world.view.width}`);
  await stage.context.tracing.start({ snapshots: true, screenshots: false });
  const wrong = await tell(story, stage);
  if (wrong.length > 0) {
    await stage.page.screenshot({ path: `${name}.png` }).catch(() => undefined);
    await stage.context.tracing.stop({ path: `${name}.zip` }).catch(() => undefined);
  } else {
    await stage.context.tracing.stop();
  }
  await stage.context.close();
  return wrong;
};

const runView = async (view: View, wish: Wish, product: Product, tally: Tally): Promise<void> => {
  const browser = await launchBrowser(findChromium());
  const stories = STORIES.filter(({ number }) => wish.numbers.length === 0 || wish.numbers.includes(number));
  for (const story of stories) {
    const startedAt = performance.now();
    const wrong = await tellWithTrace(story, { browser, product, view }, wish.pictures);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    const mark = wrong.length === 0 ? 'ok  ' : 'FAIL';
    const lines = wrong.map((one) => `       ${one.replaceAll('\n', '\n         ')}\n`);
    process.stdout.write(
      `${mark} ${story.number} ${story.title} (${labelOf(view)}, ${seconds} s)\n${lines.join('')}`,
    );
    tally[wrong.length === 0 ? 'passed' : 'failed'] += 1;
  }
  await browser.close();
};

const runWorld = async (view: View, wish: Wish, product: Product, tally: Tally): Promise<void> => {
  try {
    await runView(view, wish, product, tally);
  } finally {
    await product.stop().then(
      () => {
        tally.passed += 1;
      },
      (error: unknown) => {
        tally.failed += 1;
        process.stdout.write(`FAIL the end of the product (${labelOf(view)})\n       ${String(error)}\n`);
      },
    );
  }
};

/** Runs what was asked for. @returns the exit code */
export const runJourneys = async (args: readonly string[]): Promise<number> => {
  const tally: Tally = { passed: 0, failed: 0 };
  const products: Product[] = [];
  const onSignal = (): void => {
    for (const product of products) product.kill();
    process.exit(1);
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const wish = wishOf(args);
    findChromium();
    await rm(OUT, { recursive: true, force: true });
    await mkdir(OUT, { recursive: true });
    const worlds: Promise<void>[] = [];
    for (const view of wish.views) {
      // One after the other: the first start builds the web app for both.
      const product = await startProduct();
      products.push(product);
      worlds.push(runWorld(view, wish, product, tally));
    }
    await Promise.all(worlds);
  } catch (error) {
    tally.failed += 1;
    process.stderr.write(
      `${error instanceof Refusal ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
  process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed\n`);
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
};

if (import.meta.main) process.exit(await runJourneys(process.argv.slice(2)));
