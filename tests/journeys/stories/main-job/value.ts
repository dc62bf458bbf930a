/** The main story, fourth part: what it is worth in pounds, and why. */
import { expect } from '../../run/expect.ts';
import type { Locator } from 'playwright';

import { FUNDS, POUNDS, TOTAL_POUNDS } from '../../run/funds.ts';
import type { Stage } from '../../run/stage.ts';
import { figure, goTo, heading, readRows, readWeights } from '../../run/ui.ts';
import { expectHeadline } from './trading.ts';

const pounds = (value: number): string =>
  new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'GBP' }).format(value);

/** Opens "how?" of a figure by tap or click; Escape closes it and gives the focus back. */
const ask = async (stage: Stage, button: Locator): Promise<Locator> => {
  await button.click();
  const panel = stage.page.getByRole('dialog').filter({ has: stage.page.getByRole('heading', { level: 2 }) });
  await expect(panel).toBeVisible();
  return panel;
};

const closeHow = async (stage: Stage, panel: Locator, button: Locator): Promise<void> => {
  await stage.page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(button).toBeFocused();
};

/** The total, its parts by account, and the rates that it rests on. */
export const seeTotal = async (stage: Stage, portfolio: string): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Overview');
  await expect(heading(stage, portfolio)).toBeVisible();
  await expectHeadline(stage, 'Value', pounds(TOTAL_POUNDS));
  const inAccount = (account: string): number =>
    FUNDS.filter((fund) => fund.account === account).reduce(
      (sum, { ticker }) => sum + (POUNDS[ticker] ?? 0),
      0,
    );
  for (const account of ['ISA', 'SIPP']) {
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader', { name: account, exact: true }) });
    await expect(row.getByRole('cell').first()).toHaveText(pounds(inAccount(account)).slice(1));
  }
  const button = page.getByRole('button', { name: /^£[\d,.]+\s*, how\?$/u }).first();
  const panel = await ask(stage, button);
  await expect(panel).toContainText('USD to GBP');
  // 0.80 GBP and 1.25 USD for one euro.
  await expect(panel).toContainText('0.6400');
  await expect(panel).toContainText(/published EUR to USD\s*1\.2500/u);
  await expect(panel).toContainText('ECB');
  await stage.look('overview with how');
  await closeHow(stage, panel, button);
  await stage.look('overview');
};

/** Each holding's value with its price, the price's source and age, and the rate. */
export const seeHoldings = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Holdings');
  const values = await readWeights(stage, 'Holdings');
  for (const { ticker, name } of FUNDS) {
    const found = Object.entries(values).find(([text]) => text.startsWith(name));
    expect(found?.[1], `value of ${name}`).toBe(POUNDS[ticker]);
  }
  const total = (await readRows(stage, 'Holdings')).at(-1);
  expect([total?.[0], figure(total?.[1] ?? '')]).toEqual(['Total', TOTAL_POUNDS]);
  await stage.look('holdings');
  const dollars = FUNDS[1]?.name ?? '';
  const row = page.getByRole('row').filter({ hasText: dollars });
  const button = row.getByRole('button', { name: /how\?/u }).first();
  const panel = await ask(stage, button);
  await expect(panel).toContainText(`Value of ${dollars}`);
  for (const input of [
    /Quantity\s*100/u,
    /Price\s*31\.25 USD/u,
    /manual|by hand|given by you/iu,
    /USD to GBP\s*0\.64/u,
    /ECB/u,
  ]) {
    await expect(panel).toContainText(input);
  }
  // The time of the price, as of today.
  await expect(panel).toContainText(
    new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'Europe/London' }).format(new Date()),
  );
  await stage.look('holdings with how');
  await closeHow(stage, panel, button);
};
