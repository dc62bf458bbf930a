/**
 * What comes in and goes out. A broker's statement: dropped, a security chosen, a row left out, looked at, recorded, found again, taken back. Older data and an archive after it. Each
 * figure is reckoned by hand beside it.
 */
import { readFile } from 'node:fs/promises';

import { expect } from '../run/expect.ts';

import { newPerson, send, signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, dropFiles, heading } from '../run/ui.ts';

/** Hargreaves Lansdown's columns; the names are made up. */
const statementOf = (fund: string): string => `Portfolio Summary,,,,
Client Name:,Ann Example,,,

Trade date,Settle date,Reference,Description,Unit cost (p),Quantity,Value (£),
"20/02/2024","22/02/2024","S200000002","${fund}","700.00","40","268.05"
"12/02/2024","12/02/2024","INTEREST","Interest","","","1.25"
"05/02/2024","05/02/2024","MANAGE FEE","Charge","","","not yet"
"02/02/2024","04/02/2024","B200000001","${fund}","603.27","100","-615.22"
"01/02/2024","01/02/2024","Card Web","Card payment","","","1,000.00"
`;

const setUp = async (stage: Stage): Promise<{ portfolioId: string; fund: string }> => {
  await signUp(stage, newPerson());
  const { id } = await send(stage, 'POST /api/portfolios', { body: { name: 'Family' } });
  const fund = `Birch ${stage.view.width} plc Ord 5p`;
  await send(stage, 'POST /api/instruments', {
    body: {
      type: 'Stock',
      name: fund,
      currency: 'GBP',
      quoteUnit: 'GBX',
      ticker: `BIR${stage.view.width}`,
      exchange: 'XLON',
    },
  });
  return { portfolioId: id, fund };
};

const drop = async (stage: Stage, fund: string): Promise<void> => {
  await stage.open('/imports/statements');
  await expect(heading(stage, 'Import a statement')).toBeVisible();
  await stage.look('where statements go');
  await dropFiles(stage, [{ name: 'isa.csv', content: Buffer.from(statementOf(fund)) }]);
  await expect(stage.page.getByText('Recognised: Hargreaves Lansdown.')).toBeVisible();
  await stage.rest();
};

const settle = async (stage: Stage, fund: string): Promise<void> => {
  const { page } = stage;
  await expect(page.getByText(/“not yet” is not a number/u)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Record \d/u })).toBeDisabled();
  await stage.look('a statement with something to settle');
  await page.getByRole('button', { name: 'Leave out row 7' }).click();
  await stage.rest();
  await page.getByRole('button', { name: `${fund} (same name)` }).click();
  await stage.rest();
  // 1,000.00 − 615.22 + 1.25 + 268.05.
  const held = page.getByRole('table', { name: 'Held afterwards' });
  await expect(held.getByRole('row', { name: /GBP cash/u })).toContainText('£654.08');
  await expect(held.getByRole('row', { name: new RegExp(fund, 'u') })).toContainText('60');
  await stage.look('a statement that is ready');
};

const reread = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Change how it is read' }).click();
  await page.getByLabel('Read as').selectOption('general');
  await stage.look('choosing columns of a statement');
  await page.getByRole('button', { name: 'Change how it is read' }).click();
};

const record = async (stage: Stage, portfolioId: string): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Record 7 trades' }).click();
  await expect(page.getByText('4 rows are recorded')).toBeVisible();
  await stage.look('a recorded statement');
  const { items } = await send(stage, 'GET /api/portfolios/:id/holdings', { params: { id: portfolioId } });
  const shown = items.map((one) => [one.instrument?.type, one.qty, one.costBasis]);
  // 60 % of £615.22.
  expect(shown).toContainEqual(['Cash', '654.08', '654.08']);
  expect(shown).toContainEqual(['Stock', '60', '369.132']);
};

const again = async (stage: Stage, fund: string): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Import another statement' }).click();
  await dropFiles(stage, [{ name: 'isa.csv', content: Buffer.from(statementOf(fund)) }]);
  await expect(page.getByText(/Read as you chose before/u)).toBeVisible();
  await page.getByRole('button', { name: 'Leave out row 7' }).click();
  await expect(page.getByText('Everything in this file is recorded already.')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
};

const takeBack = async (stage: Stage, portfolioId: string): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Take back isa.csv' }).click();
  await expect(page.getByText('The statement was taken back with all that it recorded.')).toBeVisible();
  await stage.rest();
  const count = async (): Promise<number> =>
    (await send(stage, 'GET /api/portfolios/:id/holdings', { params: { id: portfolioId } })).items.length;
  expect(await count()).toBe(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('It is back.')).toBeVisible();
  expect(await count()).toBe(2);
};

/** The older version's data: a mistake is refused with its place, then it is taken over. */
const takeOver = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const old = (qty: number): string =>
    JSON.stringify({
      portfolios: [
        {
          id: 'old',
          name: 'From before',
          holdings: [
            { id: 'h', section: 'Core', theme: 'World', account: 'ISA', name: 'Cedar', qty, avgCost: 2 },
          ],
        },
      ],
    });
  await stage.open('/imports/older-version');
  await expect(heading(stage, 'Take over the older version’s data')).toBeVisible();
  await page.getByLabel('The data, as JSON').fill(old(-1));
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByText('must not be negative')).toBeVisible();
  await stage.look('older data with a mistake');
  await page.getByLabel('The data, as JSON').fill(old(10));
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(page.getByText('From before')).toBeVisible();
  await stage.look('older data that is ready');
  await page.getByRole('button', { name: 'Take it over' }).click();
  await expect(page.getByText('It is taken over.')).toBeVisible();
};

/** Everything out as a file, and into the empty account of somebody else. */
const moveHouse = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await stage.open('/imports/archive');
  await expect(heading(stage, 'Archive')).toBeVisible();
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save my archive' }).click();
  const content = await readFile(await (await saving).path());
  await signUp(stage, newPerson());
  await stage.open('/imports/archive');
  await dropFiles(stage, [{ name: 'mine.zip', content }]);
  await stage.look('an archive to bring in');
  await page.getByRole('button', { name: 'Bring in mine.zip' }).click();
  await expect(page.getByText('The archive is here.')).toBeVisible();
  const { items } = await send(stage, 'GET /api/portfolios');
  expect(items.map((one) => one.name)).toEqual(['Family', 'From before']);
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const { portfolioId, fund } = await step('has a portfolio and a share', async () => setUp(stage));
  await step('drops a statement', async () => drop(stage, fund));
  await step('settles what is not clear', async () => settle(stage, fund));
  await step('sees how it could be read otherwise', async () => reread(stage));
  await step('records it', async () => record(stage, portfolioId));
  await step('is told that it is there already', async () => again(stage, fund));
  await step('takes it back, and brings it back', async () => takeBack(stage, portfolioId));
  await step('takes over what the older version kept', async () => takeOver(stage));
  await step('moves to another account with everything', async () => moveHouse(stage));
  await expect(dialogOf(stage)).toHaveCount(0);
};

export const statements: Story = { number: '16', title: 'what comes in and goes out', tell };
