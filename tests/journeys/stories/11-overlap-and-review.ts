/**
 * Overlap down to the names, a fund weighed up before it is bought, the fewest funds that cover most; a file with rows
 * in doubt, decided and undone; a file withdrawn and restored.
 */
import type { Locator } from 'playwright';

import { expect } from '../run/expect.ts';
import { addDemo, send, signUp } from '../run/person.ts';
import type { Household } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, dropFiles, figure, heading, readRows } from '../run/ui.ts';

const HEAD = 'Ticker,Name,Sector,Asset Class,Weight (%),Country,Exchange,Currency';
const row = (ticker: string, name: string, weight: string): string =>
  `${ticker},${name},Industrials,Equity,${weight},United States,New York Stock Exchange Inc.,USD`;
const fileOf = (...rows: readonly string[]): Buffer => Buffer.from([HEAD, ...rows, ''].join('\n'));

const EARLIER = fileOf(row('GEWK', 'GENERAL WORKS INC', '60'), row('BRWK', 'BRIDGE WORKS INC', '40'));
/** Two rows with a known ticker and another name, one that nobody knows. */
const LATER = fileOf(
  row('GEWK', 'AEROSPACE CO', '30'),
  row('BRWK', 'BROOK WATERS PLC', '30'),
  row('OTHR', 'OTHER INC', '40'),
);

const TOAST_WITHIN_MS = 15_000;

const inToast = ({ page }: Stage, words: RegExp): Locator =>
  page.getByRole('status').getByText(words).first();

const undo = async (stage: Stage): Promise<void> => {
  await stage.page.getByRole('status').getByRole('button', { name: 'Undo' }).last().click();
};

/** A cell of the heat map, by keyboard, leads to the names; the address holds all of it. */
const drillDown = async (stage: Stage, household: Household): Promise<void> => {
  const { page } = stage;
  await stage.open(`/look-through/overlap?portfolio=${household.portfolioId}`);
  const picture = page.getByRole('group', { name: /^Share in common, per cent\./u });
  await picture.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/a=DWLD&b=DUSA/u);
  const common = await readRows(stage, 'Companies in common');
  for (const [, shared = '', a = '', b = ''] of common) {
    expect(figure(shared)).toBe(Math.min(figure(a), figure(b)));
  }
  await page.getByRole('textbox', { name: 'Find a company' }).fill('orchard');
  await expect(page.getByText('1 of 1', { exact: true })).toBeVisible();
  await page.getByRole('textbox', { name: 'Find a company' }).fill('');
  await page
    .getByRole('radiogroup', { name: 'Which companies' })
    .getByText(/^Only DWLD/u)
    .click();
  await expect(page).toHaveURL(/of=onlyA/u);
  const alone = await readRows(stage, 'Only in Demo World Shares ETF');
  expect(alone.length).toBeGreaterThan(0);
  await stage.look('names that only one fund holds');
};

/** What a fund that is not held would add, and what changes with an amount. */
const weighUp = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await page.getByRole('radiogroup', { name: 'What to compare' }).getByText('A candidate').click();
  await stage.look('no candidate yet');
  await page.getByRole('button', { name: 'Choose a fund' }).click();
  const dialog = dialogOf(stage);
  await dialog.getByRole('combobox', { name: 'Which fund?' }).fill('Demo Europe');
  await dialog.getByRole('option', { name: /Demo Europe Shares/u }).click();
  await expect(
    page.getByText(/of Demo Europe Shares ETF is in companies that Demo household already owns/u),
  ).toBeVisible();
  await page.getByRole('textbox', { name: 'Amount in GBP' }).fill('nothing');
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page.getByText('An amount above zero, such as 1,000.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Amount in GBP' }).fill('1,000');
  await page.getByRole('button', { name: 'Show what changes' }).click();
  await expect(page).toHaveURL(/amount=1000/u);
  const rows = await readRows(stage, 'Before and after');
  const sums = [1, 2].map((at) => rows.reduce((sum, cells) => sum + figure(cells[at] ?? ''), 0));
  for (const sum of sums) expect(Math.abs(sum - 100)).toBeLessThan(0.1);
  await stage.look('a candidate');
  await page.getByRole('radiogroup', { name: 'What to compare' }).getByText('Smallest set').click();
  await expect(page.getByText(/of what all of them hold in shares/u)).toBeVisible();
  await stage.look('the smallest set');
};

const entryOf = ({ page }: Stage, file: string): Locator =>
  page
    .getByRole('listitem')
    .filter({ hasText: file })
    .filter({ has: page.getByRole('heading', { level: 3 }) });

const makeFund = async (stage: Stage, ticker: string, name: string): Promise<string> =>
  (
    await send(stage, 'POST /api/instruments', {
      body: { type: 'ETF', ticker, name, currency: 'USD', exchange: 'ARCX', scope: 'private' },
    })
  ).id;

const importInto = async (
  stage: Stage,
  fund: string,
  name: string,
  day: string,
  content: Buffer,
): Promise<void> => {
  const { page } = stage;
  await dropFiles(stage, [{ name, content }]);
  const entry = entryOf(stage, name);
  await entry.getByRole('combobox', { name: 'Fund' }).selectOption({ label: 'Another fund…' });
  const dialog = dialogOf(stage);
  await dialog.getByRole('combobox', { name: 'Which fund?' }).fill(fund);
  await dialog.getByRole('option', { name: new RegExp(fund, 'u') }).click();
  await entry.getByLabel('As of').fill(day);
  await entry.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(entry.getByRole('list', { name: 'What the rows were matched to' })).toBeVisible({
    timeout: TOAST_WITHIN_MS,
  });
  await expect(page.getByRole('heading', { level: 3, name: fund }).first()).toBeVisible();
};

/** Imports two files whose rows cannot all be matched surely, and reads the report. */
const importFiles = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await makeFund(stage, 'GWFK', 'General Works Fund');
  await makeFund(stage, 'AEFK', 'Aerospace Engineers Fund');
  await stage.open('/imports');
  await importInto(stage, 'General Works Fund', 'earlier.csv', '2026-09-01', EARLIER);
  await importInto(stage, 'Aerospace Engineers Fund', 'later.csv', '2026-10-01', LATER);
  const entry = entryOf(stage, 'later.csv');
  await expect(entry.getByText(/2 rows kept apart/u)).toBeVisible();
  await stage.look('import report');
  await entry.getByRole('link', { name: 'Decide the unsure rows' }).click();
  await expect(heading(stage, 'Unsure matches')).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Look-through pages' })).toContainText(/Review\s*\d/u);
};

/** Decides by key and by click; each can be taken back. */
const decide = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const questions = page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { level: 2 }) });
  await expect(questions).toHaveCount(2);
  await stage.look('rows in doubt');
  await questions.first().focus();
  await page.keyboard.press('j');
  await expect(questions.nth(1)).toBeFocused();
  await page.keyboard.press('k');
  await expect(questions.first()).toBeFocused();
  await page.keyboard.press('d');
  await expect(inToast(stage, /stands by itself/u)).toBeVisible();
  await expect(questions).toHaveCount(1);
  await undo(stage);
  await expect(questions).toHaveCount(2);
  await page.getByRole('button', { name: /^The same: AEROSPACE CO is GENERAL WORKS INC/u }).click();
  await expect(inToast(stage, /AEROSPACE CO is GENERAL WORKS INC/u)).toBeVisible();
  await expect(questions).toHaveCount(1);
  await page.getByRole('button', { name: /^Different: BROOK WATERS PLC/u }).click();
  await expect(page.getByText('Nothing to decide')).toBeVisible();
  await stage.look('nothing to decide');
  await page.getByRole('radiogroup', { name: 'Which questions' }).getByText('Decided: same').click();
  await stage.look('decided');
  await page.getByRole('button', { name: 'Take the decision back' }).click();
  await expect(page.getByText('No such decision yet')).toBeVisible();
};

/** Withdraws a fund's only file, sees what that means, and restores it. */
const withdraw = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const { items } = await send(stage, 'GET /api/instruments', { query: { query: 'General Works Fund' } });
  await stage.open(`/markets/${items[0]?.id ?? ''}`);
  await expect(page.getByText('counts now')).toBeVisible();
  await stage.look('files of a fund');
  await page.getByRole('button', { name: /^Withdraw the file of/u }).click();
  await expect(page.getByText('withdrawn', { exact: true })).toBeVisible();
  await expect(page.getByText('No file yet')).toBeVisible();
  await stage.look('a file withdrawn');
  await undo(stage);
  await expect(page.getByText('counts now')).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download earlier.csv' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('earlier.csv');
};

/** Treats a fund without a file as another one, and takes that back. */
const assume = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const bare = await makeFund(stage, 'BARE', 'Bare Fund');
  await stage.open(`/markets/${bare}`);
  await page.getByRole('button', { name: 'Treat as another fund' }).click();
  const dialog = dialogOf(stage);
  await dialog.getByRole('combobox', { name: 'Treat it as' }).fill('Demo World');
  await dialog
    .getByRole('option', { name: /Demo World Shares ETF/u })
    .first()
    .click();
  await stage.look('treat as another fund');
  await dialog.getByRole('button', { name: /^Treat it as Demo World/u }).click();
  await expect(page.getByText(/^Treated as/u)).toBeVisible();
  await expect(page.getByRole('heading', { level: 2, name: 'What it really holds' })).toBeVisible();
  await stage.look('a fund treated as another');
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(page.getByText(/^Treated as/u)).toHaveCount(0);
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const household = await step('has the demo household', async () => {
    await signUp(stage);
    return addDemo(stage);
  });
  await step('drills down into an overlap', async () => drillDown(stage, household));
  await step('weighs up a fund', async () => weighUp(stage));
  await step('imports files with rows in doubt', async () => importFiles(stage));
  await step('decides them', async () => decide(stage));
  await step('withdraws a file', async () => withdraw(stage));
  await step('treats a fund as another', async () => assume(stage));
};

export const overlapAndReview: Story = { number: '11', title: 'overlap and review', tell };
