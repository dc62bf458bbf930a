/** The main story, last part: what the funds have in common. */
import { expect } from '../../run/expect.ts';

import { EXPECTED, FUNDS } from '../../run/funds.ts';
import type { Stage } from '../../run/stage.ts';
import { expectPainted, figure, heading, readRows } from '../../run/ui.ts';

const POINTS = 0.005 + 1e-9;

/** A cell of the heat map leads to the companies behind it. */
const seePair = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const [one] = FUNDS;
  const at = FUNDS.length - 2;
  const other = FUNDS[at];
  if (one === undefined || other === undefined) throw new Error('Overlap needs two funds');
  await page.getByRole('radiogroup', { name: 'Show as' }).getByText('Picture', { exact: true }).click();
  const picture = page.getByRole('group', { name: /^Share in common, per cent\./u });
  await picture.focus();
  for (let step = 0; step <= at; step += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2, name: `${one.name} and ${other.name}` })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`a=${one.ticker}&b=${other.ticker}`, 'u'));
  const common = await readRows(stage, 'Companies in common');
  expect(common.length).toBeGreaterThan(0);
  // What two funds have in common is the smaller of their two weights.
  for (const [, shared = '', a = '', b = ''] of common) {
    expect(figure(shared)).toBe(Math.min(figure(a), figure(b)));
  }
  await stage.look('overlap of two funds');
};

/** Every pair, against the oracle. */
export const seeOverlap = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await page
    .getByRole('navigation', { name: 'Look-through pages' })
    .getByRole('link', { name: 'Overlap', exact: true })
    .click();
  await expect(heading(stage, 'Overlap')).toBeVisible();
  await expectPainted(stage, 'Share in common, per cent');
  await stage.look('overlap');
  await page.getByRole('radiogroup', { name: 'Show as' }).getByText('Table', { exact: true }).click();
  const rows = await readRows(stage, 'Overlap of funds');
  const header = (
    await page.getByRole('table', { name: 'Overlap of funds' }).getByRole('columnheader').allInnerTexts()
  ).map((text) => text.split(/\s/u)[0]);
  for (const one of FUNDS) {
    const row = rows.find(([name = '']) => name.startsWith(one.name));
    for (const other of FUNDS) {
      const expected = one === other ? 100 : EXPECTED.overlap(one.ticker, other.ticker);
      if (expected === undefined) continue;
      const shown = figure(row?.[header.indexOf(other.ticker)] ?? '');
      expect(
        Math.abs(shown - expected),
        `${one.ticker} and ${other.ticker}: ${shown}, ${expected}`,
      ).toBeLessThanOrEqual(POINTS);
    }
  }
  await seePair(stage);
};
