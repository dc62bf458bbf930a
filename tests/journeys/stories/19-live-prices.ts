/** Prices that move while one looks: held, watched, in doubt, over time, and where they come from. */
import { expect } from '../run/expect.ts';
import { asAdministrator, send } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { heading } from '../run/ui.ts';

/** Days before today, as files write them. */
const day = (ago: number): string => Temporal.Now.plainDateISO('UTC').subtract({ days: ago }).toString();

type World = { readonly portfolioId: string; readonly instrumentId: string };

/** Prices of a shared fund, as a provider would send them; each file is told to whoever follows it. */
const sendPrices = async (stage: Stage, instrumentId: string, rows: readonly string[]): Promise<void> => {
  await send(stage, 'POST /api/instruments/:id/prices/import', {
    params: { id: instrumentId },
    body: Buffer.from(`Date,Close\n${rows.join('\n')}\n`),
  });
};

const prepare = async (stage: Stage): Promise<World> => {
  const { id: instrumentId } = await send(stage, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      name: 'Ticking Fund',
      ticker: 'TICK',
      exchange: 'XLON',
      currency: 'GBP',
      quoteUnit: 'GBX',
    },
  });
  await sendPrices(stage, instrumentId, [`${day(9)},2000`]);
  await send(stage, 'POST /api/instruments/:id/events', {
    params: { id: instrumentId },
    body: { type: 'split', date: day(8), numerator: '4', denominator: '1' },
  });
  await sendPrices(stage, instrumentId, [`${day(6)},500`, `${day(5)},510`]);
  const { id: portfolioId } = await send(stage, 'POST /api/portfolios', { body: { name: 'Ticking' } });
  await send(stage, 'POST /api/portfolios/:id/holdings', {
    params: { id: portfolioId },
    body: { instrumentId, section: 'Core', theme: 'Global Equity', account: 'ISA', qty: '100', avgCost: '4' },
  });
  return { portfolioId, instrumentId };
};

const seeItTick = async (stage: Stage, { portfolioId, instrumentId }: World): Promise<void> => {
  const { page } = stage;
  const following = page.waitForEvent('websocket').then(async (socket) =>
    socket.waitForEvent('framereceived', {
      predicate: ({ payload }) => String(payload).includes('following'),
    }),
  );
  await stage.open(`/holdings?portfolio=${portfolioId}`);
  const row = page.getByRole('row').filter({ hasText: 'Ticking Fund' });
  await expect(row).toContainText('510.00');
  await following;
  // 100 at 5.30 pounds: the value follows the price without a reload.
  await sendPrices(stage, instrumentId, [`${day(4)},530`]);
  await expect(row).toContainText('530.00');
  await stage.look('holdings after a tick');
};

const watchIt = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await stage.open('/markets/watchlist');
  await expect(page.getByText('Nothing is watched yet')).toBeVisible();
  await stage.look('watchlist, empty');
  await page.getByRole('button', { name: 'Watch an instrument' }).first().click();
  await page.getByRole('combobox', { name: 'Instrument' }).fill('Ticking');
  await page.getByRole('option', { name: /Ticking Fund/u }).click();
  const row = page.getByRole('row').filter({ hasText: 'Ticking Fund' });
  await expect(row).toContainText('530.00 GBX');
  await stage.look('watchlist');
  await row.getByRole('button', { name: 'Stop watching Ticking Fund' }).click();
  await expect(page.getByText('Nothing is watched yet')).toBeVisible();
};

const decide = async (stage: Stage, { instrumentId }: World): Promise<void> => {
  const { page } = stage;
  // A hundred times as much: pounds were taken for pence. And half: a split that nobody recorded.
  await sendPrices(stage, instrumentId, [`${day(3)},53000`, `${day(2)},265`]);
  await stage.open('/markets/held');
  const jump = page.getByRole('listitem').filter({ hasText: 'About a hundred times' });
  const split = page.getByRole('listitem').filter({ hasText: 'as a split would make it' });
  await expect(jump).toContainText('compared with 5.30');
  await stage.look('prices in doubt');
  await jump.getByRole('button', { name: 'Reject' }).click();
  await expect(jump).toBeHidden();
  await split.getByRole('button', { name: 'Accept, and record a split of 2 for 1' }).click();
  await expect(page.getByText('Prices that look wrong wait here')).toBeVisible();
  await page.getByText('Rejected', { exact: true }).click();
  await expect(jump.getByRole('button', { name: 'Take the decision back' })).toBeVisible();
};

const seeItOverTime = async (stage: Stage, { instrumentId }: World): Promise<void> => {
  const { page } = stage;
  await stage.open(`/markets/${instrumentId}`);
  await expect(page.getByRole('heading', { name: 'Price over time' })).toBeVisible();
  // Pictures have a table: 20.00 before both splits is 20 / 4 / 2 in units of today.
  const rows = page.getByRole('table', { name: 'Closes' }).getByRole('row');
  await stage.look('instrument with its price over time');
  await page.getByText('Table', { exact: true }).first().click();
  await expect(rows.filter({ hasText: '2.65' }).first()).toBeVisible();
  await expect(rows.last()).toContainText('2.50');
  await page.getByLabel('Adjusted for').selectOption('none');
  await expect(rows.last()).toContainText('20.00');
};

const seeSources = async (stage: Stage): Promise<void> => {
  await stage.open('/markets/sources');
  await expect(heading(stage, 'Sources')).toBeVisible();
  await expect(stage.page.getByRole('listitem').filter({ hasText: 'Finnhub' }).first()).toContainText(
    'FINNHUB_API_KEY',
  );
  await stage.look('sources of prices and rates');
};

export const livePrices: Story = {
  number: '19',
  title: 'prices that move while one looks, watched, in doubt, over time',
  tell: async (stage) => {
    const { step } = stage;
    await step('signs in as the administrator', async () => asAdministrator(stage));
    const world = await step('holds a fund', async () => prepare(stage));
    await step('sees its price move', async () => seeItTick(stage, world));
    await step('watches it', async () => watchIt(stage));
    await step('decides on prices in doubt', async () => decide(stage, world));
    await step('looks at it over time', async () => seeItOverTime(stage, world));
    await step('looks at the sources', async () => seeSources(stage));
  },
};
