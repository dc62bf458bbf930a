/**
 * The main job: a portfolio in pounds, funds in an ISA and a SIPP, trades, prices, rates and the issuers' files; what it
 * is worth, what it really holds, and what the funds have in common.
 */
import { expect } from '../run/expect.ts';

import { FUNDS } from '../run/funds.ts';
import type { Fund } from '../run/funds.ts';
import { asAdministrator } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { readRows } from '../run/ui.ts';
import { seeHolding, seePortfolio } from './main-job/exposure.ts';
import { importFiles } from './main-job/importing.ts';
import { seeOverlap } from './main-job/overlap.ts';
import { importRates, seeDefaults, startPortfolio } from './main-job/setting-up.ts';
import { addByHand, addHolding, expectHeadline, givePrice, record } from './main-job/trading.ts';
import { seeHoldings, seeTotal } from './main-job/value.ts';

const PORTFOLIO = 'Long term';

const fundAt = (at: number): Fund => {
  const fund = FUNDS.at(at);
  if (fund === undefined) throw new Error(`There is no fund ${at}`);
  return fund;
};

/** Bought in pence with fees, a third sold: a third of the cost goes with it. A pence price stays one. */
const holdPence = async (stage: Stage): Promise<void> => {
  const fund = fundAt(0);
  await addHolding(stage, fund);
  await record(stage, { type: 'Buy', day: '2024-03-01', qty: '150', price: '4,000', fees: '9' });
  await expectHeadline(stage, 'Quantity', '150');
  // 150 × £40.00 + £9.00
  await expectHeadline(stage, 'Cost', '£6,009.00');
  await record(stage, { type: 'Sell', day: '2024-06-03', qty: '50', price: '4,400', fees: '5' });
  await expectHeadline(stage, 'Quantity', '100');
  await expectHeadline(stage, 'Cost', '£4,006.00');
  await expectHeadline(stage, 'Value', 'no price yet');
  await givePrice(stage, fund, '5,000');
  await expectHeadline(stage, 'Value', '£5,000.00');
  await expectHeadline(stage, 'Price', '5,000.00 GBX');
  await expectHeadline(stage, 'Gain', '+£994.00');
  const trades = await readRows(stage, 'Trades');
  expect(trades.map((row) => row.slice(0, 8))).toEqual([
    ['3 Jun 2024', 'Sell', '50', '4,400.00 GBX', '£5.00', '2,195.00', '100', '4,006.00'],
    ['1 Mar 2024', 'Buy', '150', '4,000.00 GBX', '£9.00', '6,009.00', '150', '6,009.00'],
  ]);
  await stage.look('holding');
  await stage.page
    .getByRole('link', { name: /SWDA|ALPHA/u })
    .first()
    .click();
  const [price] = await readRows(stage, 'Prices');
  expect(price?.slice(1)).toEqual(['5,000.00 GBX', '50.00 GBP', 'given by you']);
};

/** Bought in dollars: at the ECB's rate of the day, or at the rate of the contract note. */
const holdDollars = async (stage: Stage): Promise<void> => {
  const published = fundAt(1);
  await addHolding(stage, published);
  await record(stage, { type: 'Buy', day: '2024-03-01', qty: '100', price: '30' });
  // 3,000 USD × 0.85588 / 1.0813
  await expectHeadline(stage, 'Cost', '£2,374.59');
  await givePrice(stage, published, '31.25');
  await expectHeadline(stage, 'Value', '£2,000.00');
  for (const fund of FUNDS.slice(2, -1)) {
    await addHolding(stage, fund);
    await record(stage, { type: 'Buy', day: '2024-03-01', qty: '5', price: '500', rate: '0.8' });
    await expectHeadline(stage, 'Cost', '£2,000.00');
    await givePrice(stage, fund, '625');
    await expectHeadline(stage, 'Value', '£2,000.00');
  }
};

const holdMix = async (stage: Stage): Promise<void> => {
  const mix = fundAt(-1);
  await addByHand(stage, mix);
  await givePrice(stage, mix, '1');
  await expectHeadline(stage, 'Value', '£1,000.00');
  await expectHeadline(stage, 'Cost', '£950.00');
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  await step('signs in as the administrator', async () => asAdministrator(stage));
  await step('starts a portfolio', async () => startPortfolio(stage, PORTFOLIO));
  await step('finds the default lists', async () => seeDefaults(stage));
  await step('brings the rates in', async () => importRates(stage));
  await step('buys and sells in pence', async () => holdPence(stage));
  await step('buys in dollars', async () => holdDollars(stage));
  await step('holds a private fund of funds', async () => holdMix(stage));
  await step('drops the issuers’ files', async () => importFiles(stage));
  await step('sees what it is worth', async () => seeTotal(stage, PORTFOLIO));
  await step('asks how a holding’s value came about', async () => seeHoldings(stage));
  await step('looks through the portfolio', async () => seePortfolio(stage));
  await step('looks through a holding', async () => seeHolding(stage, fundAt(0)));
  await step('looks through the fund of funds', async () => seeHolding(stage, fundAt(-1)));
  await step('sees what the funds have in common', async () => seeOverlap(stage));
};

export const mainJob: Story = { number: '02', title: 'the main job', tell };
