/**
 * Look-through in depth, on the demo household: down by click and by keyboard and back again, the map, the rings, finding
 * a company, every way to it with the rows of the files, and all of it as files.
 */
import { readFile } from 'node:fs/promises';

import { expect } from '../run/expect.ts';
import { addDemo, signUp } from '../run/person.ts';
import type { Household } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, expectPainted, figure, readRows, readWeights } from '../run/ui.ts';

const show = async ({ page }: Stage, picture: string): Promise<void> =>
  page.getByRole('radiogroup', { name: 'Picture', exact: true }).getByText(picture, { exact: true }).click();

const divide = async ({ page }: Stage, name: string): Promise<void> =>
  page.getByRole('navigation', { name: 'Divide by' }).getByRole('link', { name, exact: true }).click();

const asTable = async ({ page }: Stage): Promise<void> =>
  page.getByRole('radiogroup', { name: 'Show as' }).getByText('Table', { exact: true }).click();

const trail = ({ page }: Stage) => page.getByRole('navigation', { name: 'Looked into' });

/** Region, its countries, the sectors of one, its companies: each step keeps the sum and the browser's Back undoes it. */
const drillByClick = async (stage: Stage, household: Household): Promise<void> => {
  const { page } = stage;
  await stage.open(`/look-through?portfolio=${household.portfolioId}&by=region`);
  await expectPainted(stage, 'Share by region');
  await asTable(stage);
  const regions = await readWeights(stage, 'Share by region');
  expect(Object.values(regions).reduce((sum, one) => sum + one, 0)).toBeCloseTo(100, 0);
  await page.getByRole('button', { name: 'Europe', exact: true }).click();
  await expect(trail(stage)).toContainText('Europe');
  await expectPainted(stage, 'Share by country: Europe');
  await asTable(stage);
  const countries = await readWeights(stage, 'Share by country: Europe');
  const inEurope = Object.values(countries).reduce((sum, one) => sum + one, 0);
  expect(Math.abs(inEurope - (regions['Europe'] ?? Number.NaN))).toBeLessThan(0.1);
  const [largest = ''] = Object.keys(countries);
  await page.getByRole('button', { name: largest, exact: true }).click();
  await stage.rest();
  await expect(trail(stage)).toContainText(largest);
  await expect(page).toHaveURL(/region=Europe&country=/u);
  const rows = await readRows(stage, 'Companies');
  expect(new Set(rows.map((row) => row[3]))).toEqual(new Set([largest]));
  await stage.look('look-through, two steps down');
  await page.goBack();
  await expect(page.getByRole('region', { name: 'Share by country: Europe, table' })).toBeVisible();
  await trail(stage).getByRole('button', { name: 'Take out Europe' }).click();
  await expect(trail(stage)).toHaveCount(0);
};

/** A country on the map by keyboard alone, then out of it again by its chip. */
const drillByKeyboard = async (stage: Stage, household: Household): Promise<void> => {
  const { page } = stage;
  await stage.open(`/look-through?portfolio=${household.portfolioId}`);
  await show(stage, 'Map');
  await expectPainted(stage, 'Share by country');
  await stage.look('look-through on the map');
  const picture = page.getByRole('group', { name: /^Share by country\./u });
  await picture.focus();
  await page.keyboard.press('ArrowRight');
  const said = await picture.locator('xpath=following-sibling::*[@aria-live]').innerText();
  const [country = ''] = said.split(',');
  await page.keyboard.press('Enter');
  await expect(trail(stage)).toContainText(country);
  await expectPainted(stage, `Share by sector: ${country}`);
  await expect(page.getByRole('radiogroup', { name: 'Picture', exact: true })).not.toContainText('Map');
  await trail(stage).getByRole('button').focus();
  await page.keyboard.press('Enter');
  await expect(trail(stage)).toHaveCount(0);
};

const rings = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await divide(stage, 'Regions');
  await show(stage, 'Sunburst');
  await expectPainted(stage, 'Regions → Countries');
  await page.getByLabel('Then by').selectOption('sector');
  await expectPainted(stage, 'Regions → Sectors');
  await stage.look('look-through in rings');
  await expect(page).toHaveURL(/inner=sector/u);
};

/** Pictures and tables as files; a cell that a spreadsheet would run is made harmless. */
const saveFiles = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  for (const kind of ['PNG', 'SVG'] as const) {
    await page.getByRole('button', { name: 'Save this picture' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: `Save as ${kind}` }).click(),
    ]);
    expect(file.suggestedFilename()).toMatch(
      new RegExp(`^Regions .*Demo household.*\\.${kind.toLowerCase()}$`, 'u'),
    );
    const content = await readFile(await file.path());
    if (kind === 'PNG') expect(content.subarray(1, 4).toString()).toBe('PNG');
    else expect(content.toString()).toMatch(/<svg[\s\S]*Regions → Sectors[\s\S]*as of \d/u);
  }
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('region', { name: 'Companies, table' })
      .locator('xpath=..')
      .getByRole('button', { name: 'CSV' })
      .click(),
  ]);
  const lines = (await readFile(await csv.path(), 'utf8')).trim().split('\r\n');
  expect(lines[0]).toContain('Company,Share (%),Sector,Country,Ways held');
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.slice(1).some((line) => /^[=+@]/u.test(line))).toBe(false);
};

/** Finds a company, and follows it down to the imported row. */
const findAndFollow = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const [first] = await readRows(stage, 'Companies');
  const name = (first?.[0] ?? '').split('\n')[0] ?? '';
  await page.getByLabel('Find a company').fill('no such company anywhere');
  await expect(page.getByText('No company fits that')).toBeVisible();
  await expect(page.getByLabel('Find a company')).toBeFocused();
  await page.getByLabel('Find a company').fill(name.toLowerCase());
  await expect(page).toHaveURL(/q=/u);
  await expect(page.getByRole('rowheader', { name: new RegExp(`^${name}`, 'u') })).toBeVisible();
  await page.getByRole('rowheader').getByRole('button', { name, exact: true }).click();
  const dialog = dialogOf(stage);
  await expect(dialog.getByText(/the sum of these ways/u)).toBeVisible();
  const ways = dialog.locator('summary');
  const whole = figure(await dialog.locator('strong').first().innerText());
  const parts = await ways.allInnerTexts();
  const sum = parts.map((text) => figure(text.split('\n').at(-1) ?? '')).reduce((a, b) => a + b, 0);
  expect(Math.abs(sum - whole)).toBeLessThan(0.005 * parts.length + 0.006);
  await ways.first().click();
  await expect(dialog.getByText(/, rows? \d+, as of /u).first()).toBeVisible();
  await stage.look('every way to a company');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page).not.toHaveURL(/company=/u);
};

const askHow = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: /equal compan.*how\?$/u }).click();
  await expect(page.getByRole('dialog', { name: 'Effective number of companies' })).toContainText(
    'Herfindahl',
  );
  await page.keyboard.press('Escape');
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const household = await step('has the demo household', async () => {
    await signUp(stage);
    return addDemo(stage);
  });
  await step('goes down by click and comes back', async () => drillByClick(stage, household));
  await step('goes down by keyboard on the map', async () => drillByKeyboard(stage, household));
  await step('crosses two divisions in rings', async () => rings(stage));
  await step('saves pictures and tables', async () => saveFiles(stage));
  await step('finds a company and follows it to its rows', async () => findAndFollow(stage));
  await step('asks how concentrated it is', async () => askHow(stage));
};

export const lookThroughInDepth: Story = { number: '10', title: 'look-through in depth', tell };
