/** The main story, fifth part: what is really held, as pictures and as tables, against the oracle. */
import { expect } from '../../run/expect.ts';

import { EXPECTED, FUNDS } from '../../run/funds.ts';
import type { Company, Exposure, Fund, Weights } from '../../run/funds.ts';
import type { Stage } from '../../run/stage.ts';
import { dialogOf, expectPainted, figure, goTo, heading, readRows, readWeights } from '../../run/ui.ts';

/** How far a shown figure may be from the oracle's, in percentage points. */
const POINTS = 0.005;
/** Binary fractions of decimal figures. */
const EPSILON = 1e-9;

/** Shares that round to nothing are not shown. */
const expectWeights = (what: string, shown: Weights, expected: Weights): void => {
  const names = new Set([...Object.keys(shown), ...Object.keys(expected)]);
  const differing = [...names]
    .map((name) => ({ name, shown: shown[name] ?? 0, expected: expected[name] ?? 0 }))
    .filter((one) => Math.abs(one.shown - one.expected) > POINTS + EPSILON);
  expect(differing, what).toEqual([]);
};

const VIEWS = [
  ['Sectors', 'Share by sector', (exposure: Exposure) => exposure.bySector],
  ['Countries', 'Share by country', (exposure: Exposure) => exposure.byCountry],
  ['Regions', 'Share by region', (exposure: Exposure) => exposure.byRegion],
  ['Currencies', 'Share by currency', (exposure: Exposure) => exposure.byCurrency],
] as const;

const showView = async (stage: Stage, name: string): Promise<void> => {
  const { page } = stage;
  await page.getByRole('navigation', { name: 'Divide by' }).getByRole('link', { name, exact: true }).click();
};

/** Every way to divide the whole: bars, then the same as a table. */
const seeDivisions = async (
  stage: Stage,
  expected: Exposure,
  views: readonly (typeof VIEWS)[number][],
): Promise<void> => {
  const { page } = stage;
  for (const [name, label, pick] of views) {
    await showView(stage, name);
    await expectPainted(stage, label);
    await page.getByRole('radiogroup', { name: 'Show as' }).getByText('Table', { exact: true }).click();
    expectWeights(label, await readWeights(stage, label), pick(expected));
  }
};

/** The largest companies with the ways by which they are held. */
const seeCompanies = async (stage: Stage, companies: readonly Company[]): Promise<void> => {
  const { page } = stage;
  await expectPainted(stage, 'Largest companies by sector');
  const rows = await readRows(stage, 'Companies');
  const shown = new Map(
    rows.map(([name = '', share = '', , , ways = '']) => [
      (name.split('\n')[0] ?? '').toUpperCase(),
      { share: figure(share), ways },
    ]),
  );
  for (const { name, pct, paths } of companies.slice(0, 5)) {
    const found = shown.get(name.toUpperCase());
    expect(
      Math.abs((found?.share ?? Number.NaN) - pct),
      `${name}: ${found?.share} and ${pct}`,
    ).toBeLessThanOrEqual(POINTS + EPSILON);
    expect(found?.ways, `ways of ${name}`).toBe(String(paths.length));
  }
  const [largest] = companies;
  if (largest === undefined) throw new Error('The oracle knows no company');
  await page
    .getByRole('button', { name: new RegExp(`^${largest.name}$`, 'iu') })
    .first()
    .click();
  const dialog = dialogOf(stage);
  await expect(dialog.getByText(/the sum of these ways/u)).toBeVisible();
  const ways = await dialog.getByRole('listitem').allInnerTexts();
  const nameOf = (ticker: string): string => FUNDS.find((fund) => fund.ticker === ticker)?.name ?? ticker;
  for (const { via, pct } of largest.paths) {
    const way = via.map(nameOf).join(' → ');
    const found = ways.find((text) => text.replaceAll(/\s+/gu, ' ').startsWith(way));
    expect(Math.abs(figure(found?.split('\n').at(-1) ?? '') - pct), way).toBeLessThanOrEqual(
      POINTS + EPSILON,
    );
  }
  await expect(page).toHaveURL(/company=/u);
  await stage.look('company paths');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(page).not.toHaveURL(/company=/u);
};

const factOf = async ({ page }: Stage, name: string): Promise<string> =>
  page
    .locator('dl > div')
    .filter({ has: page.getByRole('term').filter({ hasText: new RegExp(`^${name}$`, 'u') }) })
    .getByRole('definition')
    .innerText();

/** Coverage, what is unclassified, and each fund's file with its day and sum. */
const seeBasis = async (stage: Stage, expected: Exposure): Promise<void> => {
  const unclassified = figure(await factOf(stage, 'Unclassified'));
  expect(Math.abs(unclassified - expected.uncoveredPct), 'unclassified').toBeLessThanOrEqual(
    POINTS + EPSILON,
  );
  // What an issuer's file names but nobody can look into, such as a fund inside it, is classified and not covered.
  const coverage = figure(await factOf(stage, 'Coverage'));
  expect(coverage).toBeGreaterThan(90);
  expect(coverage).toBeLessThanOrEqual(100 - unclassified + POINTS);
  const rows = await readRows(stage, 'Funds looked through');
  for (const { ticker, name } of FUNDS) {
    const file = EXPECTED.file(ticker);
    const row = rows.find(([text = '']) => text.startsWith(name));
    expect(row, `${name} among the funds looked through`).toBeDefined();
    if (file === undefined) continue;
    const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(
      new Date(`${file.asOf}T00:00:00Z`),
    );
    expect(row?.[2]).toContain(day);
    expect(figure(row?.[3] ?? '')).toBeCloseTo(file.weightSumPct, 2);
  }
};

/** The whole portfolio, on the published weights and on scaled ones. */
export const seePortfolio = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const expected = EXPECTED.whole('published');
  await goTo(stage, 'Look-through');
  await expect(heading(stage, 'Look-through')).toBeVisible();
  await seeBasis(stage, expected);
  await stage.look('look-through');
  await seeCompanies(stage, expected.topCompanies);
  await seeDivisions(stage, expected, VIEWS);
  await stage.look('look-through currencies as a table');
  await showView(stage, 'Countries');
  await stage.look('look-through countries');
  await page.getByLabel('Weights', { exact: true }).selectOption('normalised');
  await seeDivisions(stage, EXPECTED.whole('normalised'), VIEWS.slice(0, 2));
  await page.getByLabel('Weights', { exact: true }).selectOption('published');
};

/** One holding, and the fund of funds through its funds. */
export const seeHolding = async (stage: Stage, fund: Fund): Promise<void> => {
  const { page } = stage;
  const expected = EXPECTED.of(fund.ticker, 'published');
  await page.getByLabel('What to look through').selectOption({ label: `${fund.name} · ${fund.account}` });
  await expect(page.getByText(`What ${fund.name} really holds, through all its funds.`)).toBeVisible();
  await showView(stage, 'Companies');
  await seeCompanies(stage, expected.topCompanies);
  await seeDivisions(stage, expected, VIEWS.slice(0, 2));
};
