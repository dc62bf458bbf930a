/**
 * Names, targets and what to trade: a section renamed with its holdings, targets in shares and amounts, drift, and a
 * worksheet whose lines are changed. Each figure is reckoned by hand beside it.
 */
import { expect } from '../run/expect.ts';

import { newPerson, send, signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { heading, readRows } from '../run/ui.ts';

const FUNDS = [
  { name: 'Birch World', theme: 'Global Equity', section: 'Core', account: 'ISA', qty: '60' },
  { name: 'Cedar Bonds', theme: 'Bonds', section: 'Core', account: 'SIPP', qty: '30' },
  { name: 'Elm Britain', theme: 'UK Equity', section: 'Satellite', account: 'ISA', qty: '10' },
] as const;

/** £1,000 at £10 a unit: 600 in the world, 300 in bonds, 100 in Britain. */
const setUp = async (stage: Stage): Promise<string> => {
  const { id } = await send(stage, 'POST /api/portfolios', { body: { name: 'Family' } });
  for (const [at, { name, qty, ...filed }] of FUNDS.entries()) {
    const instrument = await send(stage, 'POST /api/instruments', {
      body: {
        type: 'ETF',
        name,
        ticker: `BUD${at}${stage.view.width}`,
        currency: 'GBP',
        exchange: 'XLON',
        scope: 'private',
      },
    });
    await send(stage, 'POST /api/instruments/:id/prices', {
      params: { id: instrument.id },
      body: { dateTime: Temporal.Now.instant().toString(), close: '10' },
    });
    await send(stage, 'POST /api/portfolios/:id/holdings', {
      params: { id },
      body: { instrumentId: instrument.id, ...filed, qty },
    });
  }
  return id;
};

/** Renames a section where it stands, moves a theme, and is refused a name that is in use. */
const changeLists = async (stage: Stage, of: string): Promise<void> => {
  const { page } = stage;
  await stage.open(`/settings/portfolio?${of}`);
  await expect(heading(stage, 'Portfolio settings')).toBeVisible();
  const sections = page.getByRole('region', { name: 'Sections', exact: true });
  await sections.getByRole('button', { name: 'Core', exact: true }).press('Enter');
  await page.getByLabel('New name of Core').fill('Base');
  await page.getByLabel('New name of Core').press('Enter');
  await expect(page.getByText('“Core” is now “Base”, with its holdings.')).toBeVisible();
  await stage.rest();
  await sections.getByRole('button', { name: 'Base', exact: true }).press('Alt+ArrowDown');
  await expect(page.getByText('“Base” is moved.')).toBeVisible();
  await stage.rest();
  const accounts = page.getByRole('region', { name: 'Accounts', exact: true });
  await accounts.getByRole('button', { name: 'Change SIPP' }).click();
  await stage.watch.provoking(/\/lists$/u, async () => {
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await expect(
      page.getByText('A holding is filed under “SIPP”; name another account that they move to.'),
    ).toBeVisible();
  });
  await stage.look('where holdings of an account go');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await stage.look('portfolio settings');
};

/** 2,000 aimed for: half of it is 1,000, and 40 % of that 400. */
const setTargets = async (stage: Stage, of: string): Promise<void> => {
  const { page } = stage;
  await page.getByLabel('Value aimed for (optional)').fill('2,000');
  await page.getByRole('button', { name: 'Save totals' }).click();
  await expect(page.getByText('Saved.').first()).toBeVisible();
  await stage.rest();
  await stage.open(`/targets?${of}&view=budgets`);
  await page.getByLabel('Base, share of the whole').fill('50');
  await expect(page.getByLabel('Base, amount')).toHaveValue('1000');
  await expect(page.getByLabel('Global Equity, share of the whole')).toHaveValue('35');
  await page.getByLabel('Bonds, amount').fill('400');
  await expect(page.getByLabel('Bonds, share of its section')).toHaveValue('40');
  await expect(page.getByText('add up to 110 % of it')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save targets' })).toBeDisabled();
  await page.getByLabel('Global Equity, share of its section').fill('60');
  await stage.look('setting targets');
  await page.getByRole('button', { name: 'Save targets' }).click();
  await expect(page.getByText('Saved.').first()).toBeVisible();
  await stage.rest();
};

const readDrift = async (stage: Stage): Promise<string[]> =>
  (await readRows(stage, 'Themes')).map(([name = '', drift = '']) => `${name.split('\n')[0]} ${drift}`);

/** World 60 % of 30, bonds 30 of 20, Britain 10 of 15: the furthest away first. */
const seeDrift = async (stage: Stage, of: string): Promise<void> => {
  const { page } = stage;
  await stage.open(`/targets?${of}&by=theme`);
  const rows = (await readDrift(stage)).map((row) => row.replaceAll(/[^\w\s.+−]/gu, ''));
  expect(rows[0]).toMatch(/Global Equity.*\+30\.00/u);
  expect(rows.find((row) => row.includes('Bonds'))).toMatch(/\+10\.00/u);
  expect(rows.find((row) => row.includes('UK Equity'))).toMatch(/−5\.00/u);
  await page.getByRole('button', { name: /\+30\.00.*how\?$/u }).click();
  await expect(
    page.getByRole('dialog').getByText('actual share − target share', { exact: false }),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await stage.look('drift by theme');
};

/** 1,200: Britain lacks 80 of 180, nothing else lacks anything; 8 whole units in the ISA, and 120 are left. */
const rebalance = async (stage: Stage, of: string): Promise<void> => {
  const { page } = stage;
  await stage.open(`/targets?${of}&view=rebalance`);
  await page.getByLabel('New money').fill('200');
  await page.getByRole('button', { name: 'Work it out' }).click();
  const units = page.getByLabel('Units of Elm Britain in ISA; below zero to sell');
  await expect(units).toHaveValue('8');
  const left = page.getByRole('button', { name: /how\?$/u });
  await expect(left.filter({ hasText: /^120\.00/u })).toBeVisible();
  await page.getByRole('button', { name: 'All holdings' }).click();
  await units.fill('10');
  await expect(left.filter({ hasText: /^100\.00/u })).toBeVisible();
  await units.press('ArrowUp');
  const bonds = page.getByLabel('Units of Cedar Bonds in SIPP; below zero to sell');
  await expect(bonds).toBeFocused();
  await bonds.fill('11');
  await expect(
    page.getByText('The purchases need £10.00 more than the cash.', { exact: false }),
  ).toBeVisible();
  await stage.look('worksheet');
  await page.getByRole('button', { name: 'Back to what was worked out' }).click();
  await expect(units).toHaveValue('8');
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const portfolioId = await step('has three funds in two accounts', async () => {
    await signUp(stage, newPerson('Bea Budget'));
    return setUp(stage);
  });
  const of = `portfolio=${portfolioId}`;
  await step('changes names', async () => changeLists(stage, of));
  await step('sets targets in shares and amounts', async () => setTargets(stage, of));
  await step('sees how far it is from them', async () => seeDrift(stage, of));
  await step('works out what to trade, and changes it', async () => rebalance(stage, of));
};

export const budgets: Story = { number: '13', title: 'lists, targets and rebalancing', tell };
