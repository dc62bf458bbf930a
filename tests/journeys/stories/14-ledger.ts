/**
 * A life of trades: deposit, purchase from cash, reinvested dividend, split, transfer, sale, correction, deletion and what
 * is brought back. Each figure is reckoned by hand beside it.
 */
import { expect } from '../run/expect.ts';

import { newPerson, send, signUp } from '../run/person.ts';
import type { Stage } from '../run/stage.ts';
import type { Story } from '../run/story.ts';
import { dialogOf, goTo, heading, readRows } from '../run/ui.ts';
import { expectHeadline } from './main-job/trading.ts';

type Ledger = { readonly cashId: string; readonly fundId: string; readonly portfolioId: string };

const CASH = 'Sterling cash';
const FUND = 'Alder World';

/** A portfolio with cash and a fund quoted in pence in its ISA, both still empty. */
const setUp = async (stage: Stage): Promise<Ledger> => {
  const { id } = await send(stage, 'POST /api/portfolios', { body: { name: 'Family' } });
  const suffix = String(stage.view.width);
  const cash = await send(stage, 'POST /api/instruments', {
    body: { type: 'Cash', ticker: `GBP${suffix}`, name: CASH, currency: 'GBP' },
  });
  const fund = await send(stage, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      ticker: `AWLD${suffix}`,
      name: FUND,
      currency: 'GBP',
      quoteUnit: 'GBX',
      exchange: 'XLON',
    },
  });
  await send(stage, 'POST /api/instruments/:id/prices', {
    params: { id: fund.id },
    body: { dateTime: Temporal.Now.instant().toString(), close: '3000', quoteUnit: 'GBX' },
  });
  const hold = async (instrumentId: string, section: string, theme: string): Promise<string> =>
    (
      await send(stage, 'POST /api/portfolios/:id/holdings', {
        params: { id },
        body: { instrumentId, section, theme, account: 'ISA' },
      })
    ).id;
  const { lists } = await send(stage, 'GET /api/portfolios/:id', { params: { id } });
  const [section = '', theme = ''] = [lists.sections[0], lists.themes[0]];
  return {
    portfolioId: id,
    cashId: await hold(cash.id, section, theme),
    fundId: await hold(fund.id, section, theme),
  };
};

/** Opens the dialog, says what happened and fills in what that needs. */
const fill = async (stage: Stage, type: string, typed: Readonly<Record<string, string>>): Promise<void> => {
  await stage.page.getByRole('button', { name: 'Record a trade' }).click();
  const dialog = dialogOf(stage);
  await dialog.getByRole('radio', { name: type, exact: true }).check({ force: true });
  for (const [label, value] of Object.entries(typed)) {
    await dialog.getByLabel(label, { exact: true }).fill(value);
  }
};

const submit = async (stage: Stage): Promise<void> => {
  const dialog = dialogOf(stage);
  await dialog.getByRole('button', { name: /^(?:Record trade|Save)$/u }).click();
  await expect(dialog).toHaveCount(0);
  await stage.rest();
};

const settle = async (stage: Stage, label: string): Promise<void> => {
  const toggle = dialogOf(stage).getByRole('switch', { name: label });
  if (!(await toggle.isChecked())) await toggle.check({ force: true });
};

const expectPosition = async (stage: Stage, qty: string, cost: string): Promise<void> => {
  await expectHeadline(stage, 'Quantity', qty);
  await expectHeadline(stage, 'Cost', cost);
};

const expectCash = async (stage: Stage, { cashId }: Ledger, amount: string): Promise<void> => {
  const { qty } = await send(stage, 'GET /api/holdings/:id', { params: { id: cashId } });
  expect(qty).toBe(amount);
};

const deposit = async (stage: Stage, ledger: Ledger): Promise<void> => {
  await stage.open(`/holdings/${ledger.cashId}?portfolio=${ledger.portfolioId}`);
  await fill(stage, 'Deposit', { Day: '2024-01-05', Amount: '2,000' });
  await dialogOf(stage).getByLabel('Whose money').selectOption('own');
  await stage.look('a deposit');
  await submit(stage);
  await expectPosition(stage, '2,000', '£2,000.00');
};

const buy = async (stage: Stage, ledger: Ledger): Promise<void> => {
  const dialog = dialogOf(stage);
  await stage.open(`/holdings/${ledger.fundId}?portfolio=${ledger.portfolioId}`);
  await stage.look('a holding without trades');
  await fill(stage, 'Buy', {
    Day: '2024-01-10',
    Quantity: '100',
    'Price per unit': '5,000',
    'Fees (optional)': '10',
  });
  await settle(stage, 'Pay it from cash');
  await expect(dialog.getByText(/£2,000\.00 is there now; −£5,010\.00 makes −£3,010\.00/u)).toBeVisible();
  await stage.watch.provoking(/\/trades$/u, async () => {
    await dialog.getByRole('button', { name: 'Record trade' }).click();
    await expect(dialog.getByRole('alert')).toContainText(/only 2000 GBP on 2024-01-10/u);
  });
  await expect(dialog.getByLabel('Quantity')).toHaveValue('100');
  await stage.look('more than the cash there is');
  await dialog.getByLabel('Quantity').fill('10');
  await submit(stage);
  // 10 × £50.00 + £10.00; the cash has £1,490.00 left.
  await expectPosition(stage, '10', '£510.00');
  await expectCash(stage, ledger, '1490');
};

const reinvest = async (stage: Stage, ledger: Ledger): Promise<void> => {
  await fill(stage, 'Dividend', { Day: '2024-03-01', 'Amount before tax': '50' });
  const dialog = dialogOf(stage);
  await dialog.getByText('Reinvested in more units').click();
  await dialog.getByLabel('Units bought').fill('1');
  await dialog.getByLabel('Price of one').fill('4,000');
  await settle(stage, 'Pay it into cash');
  await expect(dialog.getByText(/\+£10\.00 makes £1,500\.00/u)).toBeVisible();
  await stage.look('a reinvested dividend');
  await submit(stage);
  // £40.00 of the £50.00 bought a unit, £10.00 went into cash.
  await expectPosition(stage, '11', '£550.00');
  await expectCash(stage, ledger, '1500');
};

const split = async (stage: Stage): Promise<void> => {
  await fill(stage, 'Split', { Day: '2024-04-02', 'Units after': '2', 'Units before': '2' });
  const dialog = dialogOf(stage);
  await dialog.getByRole('button', { name: 'Record trade' }).click();
  await expect(dialog.getByLabel('Units after')).toHaveAccessibleDescription(/2 for 2 changes nothing/u);
  await dialog.getByLabel('Units before').fill('1');
  await stage.look('a split');
  await submit(stage);
  await expectPosition(stage, '22', '£550.00');
};

const transfer = async (stage: Stage, ledger: Ledger): Promise<void> => {
  await fill(stage, 'Transfer out', { Day: '2024-05-01', Quantity: '4' });
  const dialog = dialogOf(stage);
  await dialog.getByLabel('To account').selectOption('SIPP');
  // 4 of 22 units, which cost £550.00.
  await expect(dialog.getByText(/Takes £100\.00 of cost along/u)).toBeVisible();
  await stage.look('a transfer');
  await submit(stage);
  await expectPosition(stage, '18', '£450.00');
  const { items } = await send(stage, 'GET /api/portfolios/:id/holdings', {
    params: { id: ledger.portfolioId },
  });
  const arrived = items.find((one) => one.account === 'SIPP');
  expect([arrived?.qty, arrived?.costBasis]).toEqual(['4', '100']);
};

const sell = async (stage: Stage, ledger: Ledger): Promise<void> => {
  const { page } = stage;
  await fill(stage, 'Sell', { Day: '2024-06-03', Quantity: '6', 'Price per unit': '3,000' });
  await settle(stage, 'Pay it into cash');
  await submit(stage);
  // £180.00 less a third of £450.00.
  await expectPosition(stage, '12', '£300.00');
  await expectCash(stage, ledger, '1680');
  await page.getByRole('button', { name: 'Correct the trade of 3 Jun 2024' }).click();
  const dialog = dialogOf(stage);
  await expect(dialog.getByLabel('Price per unit')).toHaveValue('3000');
  await dialog.getByLabel('Price per unit').fill('3,500');
  await stage.look('a correction');
  await submit(stage);
  // £210.00 now, so £60.00 is realised; the cash follows.
  await expectCash(stage, ledger, '1710');
  await expectPosition(stage, '12', '£300.00');
};

const seeTrades = async (stage: Stage): Promise<void> => {
  const rows = await readRows(stage, 'Trades');
  const shown = rows.map((row) => [row[0], (row[1] ?? '').replace(/\s*all parts$/u, ''), ...row.slice(2, 9)]);
  expect(shown).toEqual([
    ['3 Jun 2024', 'Sell', '6', '3,500.00 GBX', '', '210.00', '12', '300.00', '+60.00'],
    ['1 May 2024', 'Transfer out', '4', '', '', '100.00', '18', '450.00', ''],
    ['2 Apr 2024', 'Split', '', '2 for 1', '', '', '22', '550.00', ''],
    ['1 Mar 2024', 'Reinvested', '1', '4,000.00 GBX', '', '40.00', '11', '550.00', ''],
    ['1 Mar 2024', 'Dividend', '', '', '', '50.00', '10', '510.00', ''],
    ['10 Jan 2024', 'Buy', '10', '5,000.00 GBX', '£10.00', '510.00', '10', '510.00', ''],
  ]);
};

/** 12 units at £30.00 cost £300.00; £60.00 was realised, £50.00 was paid. */
const seeGain = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  for (const [name, amount] of [
    ['Realised by selling', '+£60.00'],
    ['Unrealised, still held', '+£60.00'],
    ['Price', '+£120.00'],
    ['Currency', '£0.00'],
    ['Together', '+£170.00'],
  ] as const) {
    const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });
    await expect(row.first()).toContainText(amount);
  }
  await page
    .getByRole('row', { name: /Together/u })
    .first()
    .getByRole('button')
    .click();
  const how = page.getByRole('dialog', { name: 'Gain since the first trade' });
  // 360 + 310 + 50 − 540 − 10; what was transferred out counts among the proceeds at its cost.
  for (const amount of ['£360.00', '£310.00', '£50.00', '£540.00', '£10.00']) {
    await expect(how.getByText(amount).first()).toBeVisible();
  }
  // The panel lies over other figures, whose targets are then partly hidden.
  await stage.lookAtWidth('how the gain came about');
  await page.keyboard.press('Escape');
};

const deleteAndUndo = async (stage: Stage, ledger: Ledger): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: 'Delete the trade of 3 Jun 2024' }).click();
  await expect(page.getByText(/deleted with everything that belongs to it/u)).toBeVisible();
  await stage.rest();
  await expectPosition(stage, '18', '£450.00');
  await expectCash(stage, ledger, '1500');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByText('It is back.')).toBeVisible();
  await stage.rest();
  await expectPosition(stage, '12', '£300.00');
  await expectCash(stage, ledger, '1710');
};

const seeParts = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await page.getByRole('button', { name: 'All parts of the trade of 1 Mar 2024' }).first().click();
  const rows = await readRows(stage, 'Parts of the trade');
  expect(rows.map((row) => [row[0], row[1], row[4]])).toEqual([
    ['Dividend', `${FUND} · ISA`, '£50.00'],
    ['Reinvested', `${FUND} · ISA`, '£40.00'],
    ['Cash in', `${CASH} · ISA`, '£10.00'],
  ]);
  await stage.look('all parts of a trade');
  await dialogOf(stage).getByRole('button', { name: 'Correct' }).click();
  await expect(dialogOf(stage).getByLabel('Units bought')).toHaveValue('1');
  await stage.look('a reinvested dividend, corrected');
  await dialogOf(stage).getByRole('button', { name: 'Cancel' }).click();
};

/** Shows what was realised and hides the share; the choice is the portfolio's, so a reload keeps it. */
const chooseColumns = async (stage: Stage): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Holdings');
  await page.getByRole('button', { name: 'Columns of Family' }).click();
  await page.getByRole('checkbox', { name: 'Realised' }).check();
  await page.getByRole('checkbox', { name: 'Share' }).uncheck();
  await stage.rest();
  await stage.look('choosing columns');
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByRole('columnheader', { name: /^Realised/u })).toBeVisible();
  await expect(page.getByRole('columnheader', { name: /^Share/u })).toHaveCount(0);
  await stage.rest();
  const total = (await readRows(stage, 'Holdings')).at(-1);
  // Value, quantity, price, gain, gain in per cent, cost, average cost, realised.
  expect([total?.[0], total?.[1], total?.[8]]).toEqual(['Total', '2,190.00', '+60.00']);
};

/** Deletes the holding in the SIPP, whose units go back, and brings it back from the list. */
const restoreLater = async (stage: Stage, ledger: Ledger): Promise<void> => {
  const { page } = stage;
  await goTo(stage, 'Holdings');
  await page.getByLabel('Group by').selectOption('account');
  await stage.look('holdings by account');
  await page.getByRole('link', { name: FUND, exact: true }).last().click();
  await expect(heading(stage, FUND)).toBeVisible();
  await expectPosition(stage, '4', '£100.00');
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Delete with its trades' }).click();
  await expect(page.getByText(`${FUND} and its trades are deleted.`)).toBeVisible();
  await stage.rest();
  const before = await send(stage, 'GET /api/holdings/:id', { params: { id: ledger.fundId } });
  // 12 units and the four that never left: £300.00 + £100.00 of cost, less nothing.
  expect(before.qty).toBe('16');
  await goTo(stage, 'Settings');
  await page.getByRole('link', { name: 'Recently deleted', exact: true }).click();
  await expect(heading(stage, 'Recently deleted')).toBeVisible();
  await stage.look('recently deleted');
  await page.getByRole('button', { name: `Restore ${FUND}, SIPP` }).click();
  await expect(page.getByText('It is back.')).toBeVisible();
  await expect(page.getByText('Nothing was deleted in the last 30 days')).toBeVisible();
  const after = await send(stage, 'GET /api/holdings/:id', { params: { id: ledger.fundId } });
  expect([after.qty, after.costBasis]).toEqual(['12', '300']);
};

const tell = async (stage: Stage): Promise<void> => {
  const { step } = stage;
  const ledger = await step('has cash and a fund', async () => {
    await signUp(stage, newPerson());
    return setUp(stage);
  });
  await step('pays money in', async () => deposit(stage, ledger));
  await step('buys with it', async () => buy(stage, ledger));
  await step('reinvests a dividend', async () => reinvest(stage, ledger));
  await step('has a split', async () => split(stage));
  await step('moves some to the pension', async () => transfer(stage, ledger));
  await step('sells, and corrects the price', async () => sell(stage, ledger));
  await step('sees every trade with what it left', async () => seeTrades(stage));
  await step('sees the gain and how it came about', async () => seeGain(stage));
  await step('deletes the sale and takes it back', async () => deleteAndUndo(stage, ledger));
  await step('sees all parts of a trade', async () => seeParts(stage));
  await step('chooses columns', async () => chooseColumns(stage));
  await step('brings back what was deleted before', async () => restoreLater(stage, ledger));
};

export const ledgerLife: Story = { number: '14', title: 'a life of trades', tell };
