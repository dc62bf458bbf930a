/** Dividends that are due: nothing yet, then proposed, confirmed with one click, at another amount, dismissed, taken back. */
import { expect } from '../run/expect.ts';
import { send, signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, expectPainted, heading } from '../run/ui.ts';
import { expectHeadline } from './main-job/trading.ts';

const DAY_MS = 86_400_000;
const dayFrom = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** A hundred at £10 since two years ago, and three dividends: two were due, one is announced. */
const setUp = async (stage: Stage): Promise<void> => {
  const { id } = await send(stage, 'POST /api/portfolios', { body: { name: 'Family' } });
  const fund = await send(stage, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      ticker: `RWN${stage.view.width}`,
      name: 'Rowan Income',
      currency: 'GBP',
      scope: 'private',
    },
  });
  await send(stage, 'POST /api/instruments/:id/prices', {
    params: { id: fund.id },
    body: { dateTime: `${dayFrom(-1)}T16:30:00Z`, close: '12' },
  });
  const holding = await send(stage, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId: fund.id, section: 'Core', theme: 'Global Equity', account: 'ISA' },
  });
  await send(stage, 'POST /api/holdings/:id/trades', {
    params: { id: holding.id },
    body: { type: 'buy', date: dayFrom(-730), qty: '100', price: '10' },
  });
  const dividends = [
    { date: dayFrom(-200), payDate: dayFrom(-170), amount: '0.1' },
    { date: dayFrom(-100), payDate: dayFrom(-70), amount: '0.2' },
    { date: dayFrom(30), payDate: dayFrom(60), amount: '0.3' },
  ];
  for (const one of dividends) {
    await send(stage, 'POST /api/instruments/:id/events', {
      params: { id: fund.id },
      body: { type: 'dividend', ...one },
    });
  }
};

/** £10 and £20 wait; £30 is announced, £30 more is what last year paid. */
const seeIncome = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await stage.open('/income');
  await expect(heading(stage, 'Income')).toBeVisible();
  await expectHeadline(stage, 'Received in the last 365 days', '£0.00');
  await expectHeadline(stage, 'To come in 365 days', '£60.00');
  await expect(page.getByRole('button', { name: /^Confirm Rowan Income/u })).toHaveCount(2);
  await expectPainted(stage, 'Income by month');
  await stage.look('income, two dividends waiting');
};

const decide = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const confirm = page.getByRole('button', { name: /^Confirm Rowan Income/u });
  await confirm.last().click();
  await expect(confirm).toHaveCount(1);
  await expectHeadline(stage, 'Received in the last 365 days', '£20.00');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(confirm).toHaveCount(2);
  await page
    .getByRole('button', { name: /^Another amount for Rowan Income/u })
    .last()
    .click();
  const dialog = dialogOf(stage);
  await dialog.getByLabel('Amount before tax').fill('19.9');
  await dialog.getByLabel('Tax withheld').fill('1.9');
  await stage.look('what was really paid');
  await dialog.getByRole('button', { name: 'Record' }).click();
  await expectHeadline(stage, 'Received in the last 365 days', '£18.00');
  await page.getByRole('button', { name: /^Dismiss Rowan Income/u }).click();
  await expect(page.getByRole('heading', { name: 'Waiting for you' })).toHaveCount(0);
};

/** The month of the announced dividend, by the arrow; the address holds month and period. */
const turnMonths = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  const month = dayFrom(60).slice(0, 7);
  await stage.open(`/income?month=${month}&period=ahead`);
  await expect(page.getByLabel('Period')).toHaveValue('ahead');
  await expect(page.getByRole('listitem').filter({ hasText: 'announced' })).toContainText('£30.00');
  await stage.look('a month of the calendar');
  await page.getByRole('button', { name: 'The month after' }).click();
  await expect(page).not.toHaveURL(new RegExp(`month=${month}`, 'u'));
  await page.getByLabel('Period').selectOption('lastTaxYear');
  await expect(page).toHaveURL(/period=lastTaxYear/u);
};

/** A fund whose charge nobody says: the year costs nothing, and what is left out is named. */
const seeCosts = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await stage.open('/performance/costs');
  await expect(heading(stage, 'Costs')).toBeVisible();
  await expectHeadline(stage, 'Fund charges', '£0.00');
  await expect(page.getByText('its ongoing charge is not known')).toBeVisible();
  await stage.look('what it cost');
};

const tell = async (stage: Stage): Promise<void> => {
  const { step, page } = stage;
  await step('Nothing yet, and what to do', async () => {
    await signUp(stage);
    await stage.open('/income');
    await expect(page.getByText('No income yet')).toBeVisible();
    await stage.look('no income yet');
    await setUp(stage);
  });
  await step('What waits and what is to come', async () => seeIncome(stage));
  await step('Confirmed, taken back, confirmed at another amount, dismissed', async () => decide(stage));
  await step('The calendar month by month', async () => turnMonths(stage));
  await step('What it cost', async () => seeCosts(stage));
};

export const income: Story = { number: '21', title: 'dividends that are due', tell };
