/** The connection goes and comes back; addresses, Back and reload keep the view. */
import { expect } from '../run/expect.ts';

import { addDemo, signUp } from '../run/person.ts';
import type { Household } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, expectPainted, goTo, heading, readRows } from '../run/ui.ts';

const BANNER = 'No connection to the server.';
const EVERYTHING = /./u;

const loseAndRegain = async (stage: Stage, household: Household): Promise<void> => {
  const { page, context, watch } = stage;
  const banner = page.getByText(BANNER);
  await stage.open(`/holdings/${household.holdingId}?portfolio=${household.portfolioId}`);
  await page.evaluate(() => Reflect.set(globalThis, 'notReloaded', true));
  await page.getByRole('button', { name: 'Record a trade' }).click();
  const dialog = dialogOf(stage);
  await dialog.getByLabel('Quantity').fill('3');
  await dialog.getByLabel('Price per unit').fill('71.5');
  await watch.provoking(EVERYTHING, async () => {
    await context.setOffline(true);
    await dialog.getByRole('button', { name: 'Record trade' }).click();
    await expect(dialog.getByRole('alert')).toContainText('What you typed is kept');
    await expect(dialog.getByLabel('Quantity')).toHaveValue('3');
    await expect(banner).toBeVisible();
    await context.setOffline(false);
    await expect(banner).toBeHidden({ timeout: 20_000 });
    await stage.rest();
  });
  await dialog.getByRole('button', { name: 'Record trade' }).click();
  await expect(dialog).toHaveCount(0);
  // Sent twice, written once.
  await stage.rest();
  const trades = await readRows(stage, 'Trades');
  expect(trades.filter((row) => row[2] === '3' && /71\.50/u.test(row[3] ?? '')).length).toBe(1);
};

/** Where one has not been yet, nothing is known while the connection is away; the page fills in when it is back. */
const goWhereOneHasNotBeen = async (stage: Stage): Promise<void> => {
  const { page, context, watch } = stage;
  await watch.provoking(EVERYTHING, async () => {
    await context.setOffline(true);
    await expect(page.getByText(BANNER)).toBeVisible();
    await goTo(stage, 'Markets');
    await expect(page.locator('main')).toContainText(/cannot be reached|Markets/u);
    await expect(page.getByText(BANNER)).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText(BANNER)).toBeHidden({ timeout: 20_000 });
    await expect(heading(stage, 'Markets')).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole('region', { name: 'Instruments, table' })).toBeVisible({ timeout: 20_000 });
    await stage.rest();
  });
  expect(await page.evaluate(() => Reflect.get(globalThis, 'notReloaded') === true), 'without a reload').toBe(
    true,
  );
};

const keepTheView = async (stage: Stage, household: Household): Promise<void> => {
  const { page } = stage;
  await stage.open(`/look-through?portfolio=${household.portfolioId}`);
  await page.getByLabel('Weights', { exact: true }).selectOption('normalised');
  await page.getByRole('navigation', { name: 'Divide by' }).getByRole('link', { name: 'Countries' }).click();
  await expectPainted(stage, 'Share by country');
  const address = page.url();
  await page.reload();
  await expectPainted(stage, 'Share by country');
  await expect(page.getByLabel('Weights', { exact: true })).toHaveValue('normalised');
  await goTo(stage, 'Holdings');
  await page.getByLabel('Group by').selectOption('account');
  await page.getByLabel('Filter holdings').fill('shares');
  await expect(page).toHaveURL(/by=account/u);
  await expect(page).toHaveURL(/q=shares/u);
  await page.reload();
  await expect(page.getByLabel('Group by')).toHaveValue('account');
  await expect(page.getByLabel('Filter holdings')).toHaveValue('shares');
  await stage.rest();
  await page.goBack();
  await expect(page).toHaveURL(address);
  await expectPainted(stage, 'Share by country');
  await expect(page.getByLabel('Weights', { exact: true })).toHaveValue('normalised');
  await page.goForward();
  await expect(page.getByLabel('Filter holdings')).toHaveValue('shares');
};

/** The address alone, opened elsewhere by the same person, shows the same. */
const shareTheView = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const before = await readRows(stage, 'Holdings');
  const other = await stage.context.newPage();
  await other.goto(page.url());
  await expect(other.getByRole('region', { name: 'Holdings, table' })).toBeVisible();
  await expect(other.getByRole('row')).toHaveCount(before.length + 1);
  await other.close();
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const household = await step('has the demo household', async () => {
    await signUp(stage);
    return addDemo(stage);
  });
  await step('loses the connection while saving', async () => loseAndRegain(stage, household));
  await step('goes elsewhere without a connection', async () => goWhereOneHasNotBeen(stage));
  await step('goes back and reloads', async () => keepTheView(stage, household));
  await step('opens the same address again', async () => shareTheView(stage));
};

export const offline: Story = { number: '06', title: 'connection lost, Back and reload', tell };
