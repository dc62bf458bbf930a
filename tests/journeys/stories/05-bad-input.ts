/** Bad input on the page: clear words beside the field, nothing written, nothing typed lost. */
import { expect } from '../run/expect.ts';
import type { Locator } from 'playwright';

import { addDemo, send, signUp } from '../run/person.ts';
import type { Household } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, dropFiles, heading } from '../run/ui.ts';

const HTML =
  '<!DOCTYPE html><html><head><title>404</title></head><body><h1>Page not found</h1></body></html>';
const SIXTY = [
  'Ticker,Name,Asset Class,Weight (%),Sector,Country',
  'AAA,Alder Works,Equity,35,Industrials,United Kingdom',
  'BBB,Birch Foods,Equity,25,Consumer Staples,Sorcery Land',
  '',
].join('\n');

const TODAY = Temporal.Now.plainDateISO('Europe/London');

const entryOf = ({ page }: Stage, file: string): Locator =>
  page
    .getByRole('listitem')
    .filter({ hasText: file })
    .filter({ has: page.getByRole('heading', { level: 3 }) });

const dropBadFiles = async (stage: Stage): Promise<void> => {
  const { page, watch } = stage;
  await stage.open('/imports');
  await watch.provoking(/constituents\/preview/u, async () => {
    await dropFiles(stage, [
      { name: 'moved.csv', content: Buffer.from(HTML) },
      { name: 'sixty.csv', content: Buffer.from(SIXTY) },
      { name: 'nothing.csv', content: Buffer.alloc(0) },
    ]);
    await expect(entryOf(stage, 'moved.csv').getByRole('alert')).toContainText(/HTML|web page/iu);
    await expect(entryOf(stage, 'nothing.csv').getByRole('alert')).toContainText(/empty/iu);
  });
  const sixty = entryOf(stage, 'sixty.csv');
  await expect(sixty.getByText('60.00%', { exact: true })).toBeVisible();
  await expect(sixty.getByText(/Sorcery Land/u).first()).toBeVisible();
  await expect(sixty.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
  await expect(sixty.getByText(/do not sum to 98–102/u)).toBeVisible();
  await stage.look('bad files');
  // One can leave and come back: what was read stays.
  await page.getByRole('link', { name: 'Overlap', exact: true }).click();
  await expect(heading(stage, 'Overlap')).toBeVisible();
  await page.goBack();
  await expect(sixty.getByText('60.00%', { exact: true })).toBeVisible();
};

/** Each wrong field, what is typed into it, and the words that must stand beside it. */
const WRONG: readonly (readonly [label: string, typed: string, words: RegExp])[] = [
  ['Quantity', '1000000', /hold|held|more than/iu],
  ['Day', `${TODAY.year + 1}-01-05`, /future|later than today|after today/iu],
  ['Quantity', '123456789012345678901234567890', /digits|large|most/iu],
  ['Quantity', '1.0123456789012345678', /decimals|places|digits/iu],
  ['Quantity', 'a few', /number such as/iu],
  ['Price per unit', '0', /greater|more than|above|zero/iu],
  ['Price per unit', 'NaN', /price such as/iu],
  ['Day', '1800-01-01', /1900|early|earlier|before/iu],
];

const typeWrongTrades = async (stage: Stage, household: Household): Promise<void> => {
  const { page, watch } = stage;
  await stage.open(`/holdings/${household.holdingId}`);
  await page.getByRole('button', { name: 'Record a trade' }).click();
  const dialog = dialogOf(stage);
  await dialog.getByText('Sell', { exact: true }).click();
  const good: Readonly<Record<string, string>> = {
    Day: TODAY.toString(),
    Quantity: '1',
    'Price per unit': '70',
  };
  for (const [label, value] of Object.entries(good)) {
    await dialog.getByLabel(label, { exact: true }).fill(value);
  }
  await dialog.getByLabel('Notes (optional)').fill('kept while I correct the rest');
  for (const [label, typed, words] of WRONG) {
    const field = dialog.getByLabel(label, { exact: true });
    await field.fill(typed);
    await watch.provoking(/\/trades$/u, async () => {
      await dialog.getByRole('button', { name: 'Record trade' }).click();
      await stage.holds(`${label} “${typed}” is refused in words`, async () =>
        expect(field).toHaveAccessibleDescription(words, { timeout: 3_000 }),
      );
    });
    await expect(field).toHaveValue(typed);
    await expect(dialog.getByLabel('Notes (optional)')).toHaveValue('kept while I correct the rest');
    if (label === 'Day') await stage.look('a trade of next year');
    await field.fill(good[label] ?? '');
  }
  await dialog.getByRole('button', { name: 'Cancel' }).click();
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const household = await step('has the demo household', async () => {
    await signUp(stage);
    return addDemo(stage);
  });
  const before = await send(stage, 'GET /api/holdings/:id', { params: { id: household.holdingId } });
  await step('drops files that are none', async () => dropBadFiles(stage));
  await step('types trades that cannot be', async () => typeWrongTrades(stage, household));
  await step('has lost and written nothing', async () => {
    const after = await send(stage, 'GET /api/holdings/:id', { params: { id: household.holdingId } });
    expect([after.qty, after.costBasis, after.version]).toEqual([
      before.qty,
      before.costBasis,
      before.version,
    ]);
  });
};

export const badInput: Story = { number: '05', title: 'bad input', tell };
