/**
 * Securities found to be one: a row in doubt joined, two merged by hand, both in the list of merges with what moved and
 * why, and both parted again.
 */
import type { Locator } from 'playwright';

import { expect } from '../run/expect.ts';
import { send, signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, heading } from '../run/ui.ts';

const HEAD = 'Ticker,Name,Sector,Asset Class,Weight (%),Country,Exchange,Currency';
const row = (ticker: string, name: string, weight: string): string =>
  `${ticker},${name},Industrials,Equity,${weight},United States,New York Stock Exchange Inc.,USD`;

/** The second file has a known ticker under another name, and a company that nobody knows. */
const FILES = {
  earlier: [row('MILK', 'MILL WORKS INC', '60'), row('LAKK', 'LAKESIDE FOODS INC', '40')],
  later: [row('MILK', 'AERONAUTICS CO', '70'), row('HILK', 'HILLSIDE FOODS INC', '30')],
} as const;

const importFile = async (
  stage: Stage,
  fund: { readonly ticker: string; readonly name: string },
  asOf: string,
  rows: readonly string[],
): Promise<string> => {
  const { id } = await send(stage, 'POST /api/instruments', {
    body: { type: 'ETF', ...fund, currency: 'USD', exchange: 'ARCX', scope: 'private' },
  });
  await send(stage, 'POST /api/instruments/:id/constituents', {
    params: { id },
    query: { asOf, scope: 'private' },
    body: Buffer.from([HEAD, ...rows, ''].join('\n')),
  });
  return id;
};

/** Two funds' files, and the id of the company that nobody knew. */
const begin = async (stage: Stage): Promise<string> => {
  await signUp(stage);
  await importFile(stage, { ticker: 'MWFK', name: 'Mill Works Fund' }, '2026-09-01', FILES.earlier);
  const later = await importFile(
    stage,
    { ticker: 'ANFK', name: 'Aeronautics Fund' },
    '2026-10-01',
    FILES.later,
  );
  const { items } = await send(stage, 'GET /api/instruments/:id/constituents', { params: { id: later } });
  return items.find((one) => one.name === 'HILLSIDE FOODS INC')?.instrumentId ?? '';
};

const entry = ({ page }: Stage, name: string): Locator =>
  page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { level: 2, name }) });

const JOINED = 'AERONAUTICS CO is MILL WORKS INC';
const MERGED = 'HILLSIDE FOODS INC is LAKESIDE FOODS INC';

/** From the empty list to the row in doubt, which is joined, and back to the list. */
const join = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await stage.open('/imports/merges');
  await expect(heading(stage, 'Merged securities')).toBeVisible();
  await expect(page.getByText('No two securities were merged')).toBeVisible();
  await stage.look('no merges yet');
  await page.getByRole('main').getByRole('link', { name: 'Unsure matches' }).first().click();
  await page.getByRole('button', { name: `The same: ${JOINED}` }).click();
  await expect(page.getByRole('button', { name: `The same: ${JOINED}` })).toHaveCount(0);
  await page.getByRole('link', { name: 'Merged securities' }).click();
  await expect(entry(stage, JOINED)).toContainText('merged by you');
  await expect(entry(stage, JOINED)).toContainText('rows of imported files 1');
  await expect(entry(stage, JOINED)).toContainText(/Row \d+ of its file, Aeronautics Fund, 1 Oct 2026/u);
};

/** Two that no file brings together, merged on the page of one of them. */
const mergeByHand = async (stage: Stage, id: string): Promise<void> => {
  const { page } = stage;
  await stage.open(`/markets/${id}`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Merge into another' }).click();
  const dialog = dialogOf(stage);
  await dialog.getByRole('combobox', { name: 'Which one is it really?' }).fill('Lakeside');
  await dialog.getByRole('option', { name: /LAKESIDE FOODS INC/u }).click();
  await expect(dialog.getByText(/^What moves:/u)).toBeVisible();
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click();
  await expect(heading(stage, 'LAKESIDE FOODS INC')).toBeVisible();
  await expect(page.getByText('Found to be this one: HILLSIDE FOODS INC.')).toBeVisible();
  await stage.look('an instrument that another was merged into');
};

/** The list of one instrument, then of all; both merges are undone there. */
const part = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await page.getByRole('link', { name: 'What was merged, and why' }).click();
  await expect(page).toHaveURL(/\/imports\/merges\?instrument=/u);
  await expect(entry(stage, MERGED)).toContainText('Chosen by hand');
  await expect(entry(stage, JOINED)).toHaveCount(0);
  await page.getByRole('button', { name: 'Only one instrument' }).click();
  await expect(entry(stage, JOINED)).toBeVisible();
  await stage.look('merged securities');
  for (const name of [MERGED, JOINED]) {
    await page.getByRole('button', { name: `Undo: ${name}` }).click();
    await expect(entry(stage, name.replace(' is ', ' and '))).toContainText('undone');
    await expect(entry(stage, name)).toHaveCount(0);
  }
  await stage.look('merges undone');
  await expect(page.getByRole('navigation', { name: 'Look-through pages' })).toContainText(/Review\s*1/u);
};

/** What was parted is what it was: two companies, and a question that waits. */
const asBefore = async (stage: Stage, id: string): Promise<void> => {
  const { page } = stage;
  await stage.open(`/markets/${id}`);
  await expect(heading(stage, 'HILLSIDE FOODS INC')).toBeVisible();
  await expect(page.getByText('Found to be this one')).toHaveCount(0);
  if (stage.isPhone) return;
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Merged sec');
  await page.keyboard.press('Enter');
  await expect(heading(stage, 'Merged securities')).toBeVisible();
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const id = await step('has files with a row in doubt', async () => begin(stage));
  await step('joins the row in doubt', async () => join(stage));
  await step('merges two by hand', async () => mergeByHand(stage, id));
  await step('sees both merges and undoes them', async () => part(stage));
  await step('finds everything as before', async () => asBefore(stage, id));
};

export const identity: Story = { number: '12', title: 'identity', tell };
