/** The main story, third part: the issuers' files, dropped together, each finding its fund by what is in it. */
import { expect } from '../../run/expect.ts';
import type { Locator } from 'playwright';

import { EXPECTED, FUNDS, isReal } from '../../run/funds.ts';
import type { Fund } from '../../run/funds.ts';
import type { Stage } from '../../run/stage.ts';
import { dialogOf, dropFiles, figure, goTo, heading } from '../../run/ui.ts';

const IMPORT_WITHIN_MS = 40_000;

const entryOf = ({ page }: Stage, fund: Fund): Locator =>
  page
    .getByRole('listitem')
    .filter({ hasText: fund.file.name })
    .filter({ has: page.getByRole('heading', { level: 3 }) });

const factOf = (entry: Locator, name: string): Locator =>
  entry
    .locator('dl > div')
    .filter({
      has: entry
        .page()
        .getByRole('term')
        .filter({ hasText: new RegExp(`^${name}$`, 'u') }),
    })
    .getByRole('definition');

/** What was read from a file, before anything is stored. */
const seeRead = async (stage: Stage, fund: Fund): Promise<void> => {
  const entry = entryOf(stage, fund);
  const expected = EXPECTED.file(fund.ticker);
  await expect(factOf(entry, 'Format')).toBeVisible({ timeout: IMPORT_WITHIN_MS });
  if (fund.type === 'Fund' || expected === undefined) return;
  expect(figure(await factOf(entry, 'Rows').innerText())).toBe(expected.rows);
  expect(figure(await factOf(entry, 'Weights sum to').innerText())).toBeCloseTo(expected.weightSumPct, 2);
  await stage.holds(`${fund.ticker} is assigned by its content`, async () =>
    expect(entry.getByRole('combobox', { name: 'Fund' }).locator('option:checked')).toContainText(fund.name, {
      timeout: 1_000,
    }),
  );
};

/** Corrects, or makes, the choice of the fund where the content cannot show it. */
const chooseFund = async (stage: Stage, fund: Fund): Promise<void> => {
  const entry = entryOf(stage, fund);
  const choice = entry.getByRole('combobox', { name: 'Fund' });
  if ((await choice.locator('option:checked').innerText()).includes(fund.name)) return;
  await choice.selectOption({ label: 'Another fund…' });
  const dialog = dialogOf(stage);
  await dialog.getByRole('combobox', { name: 'Which fund?' }).fill(fund.ticker);
  await dialog.getByRole('option', { name: fund.name }).click();
  await expect(dialog).toHaveCount(0);
  await expect(choice.locator('option:checked')).toContainText(fund.name);
};

const seeReport = async (stage: Stage, fund: Fund): Promise<void> => {
  const entry = entryOf(stage, fund);
  const expected = EXPECTED.file(fund.ticker);
  await expect(factOf(entry, 'Placed')).toBeVisible({ timeout: IMPORT_WITHIN_MS });
  const [rows, placed, unsure] = await Promise.all(
    ['Rows', 'Placed', 'Unsure'].map(async (name) => figure(await factOf(entry, name).innerText())),
  );
  expect((placed ?? 0) + (unsure ?? 0)).toBe(rows);
  expect(rows).toBe(fund.type === 'Fund' ? 2 : expected?.rows);
  if (fund.type === 'Fund') expect([placed, unsure]).toEqual([2, 0]);
  if ((unsure ?? 0) > 0) await expect(entry.getByText(/rows? kept apart/u)).toBeVisible();
};

/** Drops every file at once and stores them together. */
export const importFiles = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Look-through');
  await page.getByRole('link', { name: 'Import files', exact: true }).first().click();
  await expect(heading(stage, 'Import files')).toBeVisible();
  await dropFiles(
    stage,
    FUNDS.map((fund) => fund.file),
  );
  await expect(page.getByRole('heading', { level: 2, name: `${FUNDS.length} files` })).toBeVisible();
  for (const fund of FUNDS) await seeRead(stage, fund);
  await stage.look('imports, read');
  for (const fund of FUNDS) await chooseFund(stage, fund);
  const mix = entryOf(stage, FUNDS.at(-1) ?? FUNDS[0]!);
  await mix.getByLabel('As of').fill('2024-02-23');
  await page.getByRole('button', { name: `Import ${FUNDS.length} files` }).click();
  for (const fund of FUNDS) await seeReport(stage, fund);
  // General Electric became GE Aerospace, and two Chinese companies share a ticker: kept apart and said.
  if (isReal) await expect(page.getByText(/kept apart/u).first()).toBeVisible();
  await stage.look('imports, stored');
};
