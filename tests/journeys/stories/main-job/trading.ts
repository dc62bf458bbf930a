/** The main story, second part: instruments, holdings, trades and prices; quantity and cost follow. */
import { expect } from '../../run/expect.ts';

import type { Fund } from '../../run/funds.ts';
import type { Stage } from '../../run/stage.ts';
import { dialogOf, goTo, heading } from '../../run/ui.ts';

/** Types an instrument into the form that stands open. */
const fillInstrument = async (stage: Stage, fund: Fund, scope: 'usual' | 'private'): Promise<void> => {
  const dialog = dialogOf(stage);
  await dialog.getByLabel('Name', { exact: true }).fill(fund.name);
  await dialog.getByLabel('Type', { exact: true }).selectOption(fund.type);
  await dialog.getByLabel('ISIN (optional)').fill(fund.isin);
  await dialog.getByLabel('Ticker (optional)').fill(fund.ticker);
  await dialog.getByLabel('Exchange, as MIC (optional)').fill(fund.exchange);
  await dialog.getByLabel('Trading currency').selectOption(fund.currency);
  await dialog.getByLabel('Quoted in').selectOption(fund.unit);
  await dialog.getByLabel('Who sees it').selectOption(scope);
};

const chooseAccount = async (stage: Stage, account: string): Promise<void> => {
  const dialog = dialogOf(stage);
  await dialog.getByLabel('Account', { exact: true }).selectOption(account);
  await dialog.getByLabel('Theme', { exact: true }).selectOption('Global Equity');
  await expect(dialog.getByLabel('Section', { exact: true })).toHaveValue('Core');
};

/** Adds a holding of an instrument that nobody made yet, without a quantity: it leads to the holding's page. */
export const addHolding = async (stage: Stage, fund: Fund): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Holdings');
  await page.getByRole('button', { name: 'Add a holding' }).first().click();
  const dialog = dialogOf(stage);
  await dialog.getByRole('combobox', { name: 'Which instrument?' }).fill(fund.ticker);
  await expect(dialog.getByText(/Nothing fits that/u)).toBeVisible();
  await dialog.getByRole('button', { name: `Create “${fund.ticker}”` }).click();
  await fillInstrument(stage, fund, 'usual');
  await dialog.getByRole('button', { name: 'Create instrument' }).click();
  await chooseAccount(stage, fund.account);
  await stage.look(`add a holding, ${fund.ticker}`);
  await dialog.getByRole('button', { name: 'Add holding' }).click();
  await expect(heading(stage, fund.name)).toBeVisible();
};

/** Makes a private fund on the markets page, and holds a quantity of it that was bought long ago. */
export const addByHand = async (stage: Stage, fund: Fund): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Markets');
  await page.getByRole('button', { name: 'Create an instrument' }).first().click();
  const dialog = dialogOf(stage);
  await fillInstrument(stage, fund, 'private');
  await dialog.getByRole('button', { name: 'Create instrument' }).click();
  await expect(heading(stage, fund.name)).toBeVisible();
  await expect(page.getByText('only you see it')).toBeVisible();
  await page.getByRole('button', { name: 'Add to a portfolio' }).click();
  await chooseAccount(stage, fund.account);
  await dialog.getByLabel('Quantity').fill('1,000');
  await dialog.getByLabel('Average cost per unit').fill('0.95');
  await dialog.getByLabel('Held since').fill('2024-01-02');
  await dialog.getByRole('button', { name: 'Add holding' }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole('link', { name: fund.name, exact: true }).click();
  await expect(heading(stage, fund.name)).toBeVisible();
};

export type Trade = {
  readonly type: 'Buy' | 'Sell';
  readonly day: string;
  readonly qty: string;
  readonly price: string;
  readonly fees?: string;
  /** Pounds for one unit of the trade's currency, as on the contract note. */
  readonly rate?: string;
};

/** Records a trade on the holding's page. The dialog asks for the rate of its day, which there need not be. */
export const record = async (stage: Stage, trade: Trade): Promise<void> =>
  stage.watch.provoking(/\/api\/fx\?/u, async () => recordOnPage(stage, trade));

const recordOnPage = async (stage: Stage, trade: Trade): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Record a trade' }).click();
  const dialog = dialogOf(stage);
  await dialog.getByText(trade.type, { exact: true }).click();
  await dialog.getByLabel('Day', { exact: true }).fill(trade.day);
  await dialog.getByLabel('Quantity').fill(trade.qty);
  await dialog.getByLabel('Price per unit').fill(trade.price);
  await dialog.getByLabel('Fees (optional)').fill(trade.fees ?? '');
  if (trade.rate !== undefined) await dialog.getByLabel(/for one USD/u).fill(trade.rate);
  await dialog.getByRole('button', { name: 'Record trade' }).click();
  await expect(dialog).toHaveCount(0);
};

/** Gives a price by hand, in the unit that the line is quoted in. */
export const givePrice = async (stage: Stage, fund: Fund, price: string): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Give a price' }).first().click();
  const dialog = dialogOf(stage);
  await expect(dialog.getByLabel('Quoted in')).toHaveValue(fund.unit);
  await dialog.getByLabel('Price per unit').fill(price);
  await dialog.getByRole('button', { name: 'Save price' }).click();
  await expect(dialog).toHaveCount(0);
};

/** One of the large figures at the top of a page. */
export const expectHeadline = async (stage: Stage, name: string, shown: string | RegExp): Promise<void> => {
  const headline = stage.page.locator('dl > div').filter({
    has: stage.page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`, 'u') }),
  });
  await expect(headline.getByRole('definition').first()).toContainText(shown);
};
