/** A week of a fund, reckoned by hand: its return, its gain in parts, one day of it opened, compared with a rate. */
import { expect } from '../run/expect.ts';
import { send, signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, expectPainted, heading } from '../run/ui.ts';
import { expectHeadline } from './main-job/trading.ts';

const FUND = 'Hazel World';
const PRICES = [
  ['2024-03-01', '10'],
  ['2024-03-04', '11'],
  ['2024-03-05', '12'],
  ['2024-03-06', '9'],
] as const;

/** Ten at £10, ten more at £11.50 four days later, £5 of dividend on the last day. */
const setUp = async (stage: Stage): Promise<void> => {
  const { id } = await send(stage, 'POST /api/portfolios', { body: { name: 'Family' } });
  const fund = await send(stage, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      ticker: `HZL${stage.view.width}`,
      name: FUND,
      currency: 'GBP',
      scope: 'private',
    },
  });
  for (const [day, close] of PRICES) {
    await send(stage, 'POST /api/instruments/:id/prices', {
      params: { id: fund.id },
      body: { dateTime: `${day}T16:30:00Z`, close },
    });
  }
  const holding = await send(stage, 'POST /api/portfolios/:id/holdings', {
    params: { id },
    body: { instrumentId: fund.id, section: 'Core', theme: 'Global Equity', account: 'ISA' },
  });
  const params = { id: holding.id };
  const trades = [
    { type: 'buy', date: '2024-03-01', qty: '10', price: '10' },
    { type: 'buy', date: '2024-03-05', qty: '10', price: '11.5' },
    { type: 'dividend', date: '2024-03-06', amount: '5' },
  ] as const;
  for (const body of trades) await send(stage, 'POST /api/holdings/:id/trades', { params, body });
};

/** 100 → 110 → with 115 more 240 → 180 and 5 taken out: 1.1 × 240/225 × 185/240 − 1 = −9.56 %. */
const seeFigures = async (stage: Stage): Promise<void> => {
  await stage.open('/performance?from=2024-02-29&to=2024-03-06');
  await expect(heading(stage, 'Performance')).toBeVisible();
  await expectHeadline(stage, 'Time-weighted', '−9.56%');
  await expectHeadline(stage, 'Gain', '−£30.00');
  await expectPainted(stage, 'Value over time');
  await expectPainted(stage, 'Time-weighted return over time');
  const parts = stage.page.getByRole('table', { name: 'Where the gain came from' }).getByRole('cell');
  await expect(parts).toHaveText(['−£35.00', '£0.00', '+£5.00', '−£30.00, how?']);
  await stage.look('performance of a week');
};

/** The last day, by keyboard: 240 became 180 with 5 taken out. */
const openDay = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await page.getByRole('group', { name: /^Value over time/u }).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const dialog = dialogOf(stage);
  await expect(dialog.getByRole('heading', { name: '6 Mar 2024' })).toBeVisible();
  await expect(dialog.getByRole('row', { name: /^Return of the day/u })).toContainText('−22.92%');
  await expect(dialog.getByRole('row', { name: new RegExp(`^${FUND}`, 'u') })).toContainText('£180.00');
  await expect(dialog.getByRole('row', { name: /^Dividend/u })).toContainText('£5.00');
  await stage.look('one day of a history');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
};

/** Compared with 4 % a year for six days: 0.06 %; the address holds all of it. */
const compare = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await page.getByLabel('Compared with').selectOption('rate:4');
  await expectHeadline(stage, '4 % per year', '+0.06%');
  await page.getByLabel('Of what').selectOption('account:ISA');
  await expect(page).toHaveURL(
    /benchmark=rate%3A4.*scope=account%3AISA|scope=account%3AISA.*benchmark=rate%3A4/u,
  );
  await page.reload();
  await expectHeadline(stage, 'Time-weighted', '−9.56%');
  await expect(page.getByLabel('Compared with')).toHaveValue('rate:4');
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  await step('A fund, four prices, three trades', async () => {
    await signUp(stage);
    await setUp(stage);
  });
  await step('Its return and gain', async () => seeFigures(stage));
  await step('One day opened by keyboard', async () => openDay(stage));
  await step('Compared with a rate', async () => compare(stage));
};

export const performance: Story = { number: '18', title: 'how a week of a fund did', tell };
