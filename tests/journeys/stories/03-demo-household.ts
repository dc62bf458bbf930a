/** The demo household, from the button of the empty page: two portfolios in two currencies, marked as made up. */
import { expect } from '../run/expect.ts';

import { readScriptBytes } from '../run/in-page.ts';
import { signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { expectPainted, figure, goTo, heading, readRows } from '../run/ui.ts';
import { expectHeadline } from './main-job/trading.ts';

const POUNDS = 'Demo household';
const EUROS = 'Demo savings in euros';

const choosePortfolio = async ({ page }: Stage, name: string): Promise<void> => {
  await page.getByRole('button', { name: /^Portfolio: .*Change$/u }).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${name}`, 'u') }).click();
};

const seeHousehold = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await choosePortfolio(stage, 'All portfolios');
  await expect(heading(stage, 'All portfolios')).toBeVisible();
  await stage.rest();
  const rows = await readRows(stage, 'Portfolios');
  const own = (name: string): string => rows.find(([text = '']) => text.startsWith(name))?.[1] ?? '';
  expect(own(POUNDS)).toMatch(/^£/u);
  expect(own(EUROS)).toMatch(/^€/u);
  // 1 EUR = 0.80 GBP.
  const total = figure(own(POUNDS)) + figure(own(EUROS)) * 0.8;
  const shown = page.getByRole('definition').first();
  expect(Math.abs(figure(await shown.innerText()) - total)).toBeLessThan(0.011);
  expect(await page.getByText('demo', { exact: true }).count()).toBeGreaterThanOrEqual(2);
  await stage.look('all portfolios');
};

const deleteAndUndo = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await choosePortfolio(stage, EUROS);
  await goTo(stage, 'Settings');
  await page.getByRole('link', { name: 'Portfolio', exact: true }).click();
  await page.getByRole('button', { name: `Delete ${EUROS}` }).click();
  await expect(page.getByText(`${EUROS} with its holdings and trades is deleted.`)).toBeVisible();
  await expect(heading(stage, POUNDS)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(heading(stage, 'All portfolios')).toBeVisible();
  await expect(page.getByRole('link', { name: EUROS })).toBeVisible();
  await stage.rest();
};

/** Compressed bytes of JavaScript that the first load of a page may cost before its charts. */
const SCRIPT_BYTES_MAX = 250_000;
/** The drawing engine is by far the largest script. */
const ENGINE_BYTES_MIN = 100_000;

/** What the first load costs, and that the charts come only when they are seen. */
const weighScripts = async (stage: Stage, withCharts: boolean): Promise<void> => {
  const sizes = await stage.page.evaluate(readScriptBytes);
  const engines = sizes.filter((bytes) => bytes >= ENGINE_BYTES_MIN).length;
  const others = sizes.filter((bytes) => bytes < ENGINE_BYTES_MIN).reduce((sum, bytes) => sum + bytes, 0);
  expect(others, 'bytes of JavaScript before charts').toBeGreaterThan(0);
  expect(others, 'bytes of JavaScript before charts').toBeLessThanOrEqual(SCRIPT_BYTES_MAX);
  expect(engines, 'chart engines loaded').toBe(withCharts ? 1 : 0);
};

const tell = async (stage: Stage): Promise<void> => {
  const { page, step } = stage;
  await step('adds the demo from the empty page', async () => {
    await signUp(stage);
    await stage.open('/');
    await weighScripts(stage, false);
    await stage.look('overview, empty');
    await page.getByRole('button', { name: 'Add the demo' }).click();
    await expect(heading(stage, POUNDS)).toBeVisible({ timeout: 20_000 });
    await expect(page.getByText('demo data')).toBeVisible();
    await expectHeadline(stage, 'Value', /^£[\d,]+\.\d\d/u);
    for (const account of ['ISA', 'SIPP', 'GIA']) {
      await expect(page.getByRole('rowheader', { name: account, exact: true })).toBeVisible();
    }
    await stage.look('demo overview');
  });
  await step('sees both portfolios together', async () => seeHousehold(stage));
  await step('looks through it', async () => {
    await choosePortfolio(stage, POUNDS);
    await goTo(stage, 'Look-through');
    await expectPainted(stage, 'Largest companies by sector');
    await stage.open(new URL(page.url()).pathname + new URL(page.url()).search);
    await expectPainted(stage, 'Largest companies by sector');
    await weighScripts(stage, true);
    await stage.look('demo look-through');
  });
  await step('deletes a portfolio and takes it back', async () => deleteAndUndo(stage));
  await step('cannot have the demo twice', async () => {
    await stage.open('/start');
    await stage.watch.provoking(/\/api\/demo$/u, async () => {
      await page.getByRole('button', { name: 'Add the demo' }).click();
      await expect(page.getByText(/has the demo household already/u)).toBeVisible();
    });
  });
};

export const demoHousehold: Story = { number: '03', title: 'the demo household', tell };
