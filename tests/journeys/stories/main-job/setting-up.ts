/** The main story, first part: a portfolio with its default lists, and the rates of the ECB. */
import { expect } from '../../run/expect.ts';

import { ratesFile } from '../../run/funds.ts';
import type { Stage } from '../../run/stage.ts';
import { dialogOf, dropFiles, goTo, heading } from '../../run/ui.ts';

/** Starts a portfolio through the door of the first page. */
export const startPortfolio = async (stage: Stage, name: string): Promise<void> => {
  const { page } = stage;
  await stage.open('/start');
  await page.getByRole('button', { name: 'Start a portfolio' }).click();
  const dialog = dialogOf(stage);
  await dialog.getByRole('button', { name: 'Create portfolio' }).click();
  await expect(dialog.getByLabel('Name')).toHaveAccessibleDescription(/Give it a name/u);
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Currency of its totals').selectOption('GBP');
  await stage.look('new portfolio');
  await dialog.getByRole('button', { name: 'Create portfolio' }).click();
  await expect(dialog.getByRole('heading', { name: `Add a holding to ${name}` })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toHaveCount(0);
};

/** The lists and budgets that every portfolio begins with. */
export const seeDefaults = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Settings');
  await page.getByRole('link', { name: 'Portfolio', exact: true }).click();
  await expect(heading(stage, 'Portfolio settings')).toBeVisible();
  const accounts = page.getByRole('region', { name: 'Accounts', exact: true }).getByRole('listitem');
  await expect(accounts).toHaveText([/^ISA/u, /^SIPP/u, /^GIA/u]);
  expect(await page.getByLabel(/^Section of /u).count()).toBeGreaterThanOrEqual(3);
  await stage.look('portfolio settings');
  await page.getByRole('link', { name: 'What each should make up' }).click();
  for (const [section, share] of [
    ['Core', '60'],
    ['Satellite', '30'],
    ['Cash', '10'],
  ] as const) {
    // A theme may have the name of its section, and stands below it.
    await expect(page.getByLabel(`${section}, share of the whole`).first()).toHaveValue(share);
  }
  await expect(page.getByRole('row', { name: 'Sections together' })).toContainText('100.00%');
};

/** Brings the ECB's history in, and asks for a day on which nothing was published. */
export const importRates = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const file = ratesFile();
  await goTo(stage, 'Markets');
  await page.getByRole('link', { name: 'Exchange rates', exact: true }).click();
  await expect(heading(stage, 'Exchange rates')).toBeVisible();
  await dropFiles(stage, [file]);
  await expect(page.getByText(/rates are in$/u)).toBeVisible({ timeout: 60_000 });
  await expect(page.getByText(`${file.from} to `)).toBeVisible();
  await page.getByLabel('From', { exact: true }).selectOption('GBP');
  await page.getByLabel('To', { exact: true }).selectOption('USD');
  await page.getByLabel('Day', { exact: true }).fill('2019-12-25');
  // 1.1080 USD and 0.85533 GBP for one euro on Christmas Eve, the last day published.
  await expect(page.getByText('1 GBP = 1.295406 USD')).toBeVisible();
  await expect(page.getByText('the last published day before 25 Dec 2019')).toBeVisible();
  await expect(page.getByText('1 EUR = 1.1080 USD, published by ECB for 24 Dec 2019')).toBeVisible();
  await stage.look('rates');
};
