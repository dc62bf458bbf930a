import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../lib/problem.ts';
import { costTrail } from './cost-trail.ts';
import type { Holding, Trade, TradeEvent } from './queries.ts';
import { draftOf, patchOf, placeProblem } from './trade-body.ts';
import { cashFor } from './trade-cash.ts';
import {
  carriedCost,
  currencyOf,
  fieldsOf,
  netOf,
  newValues,
  partOf,
  typesFor,
  valuesOf,
  type TradeValues,
} from './trade-model.ts';

const read = (typed: string): string | null => (/^-?\d+(\.\d+)?$/.test(typed.trim()) ? typed.trim() : null);
const FILING = { section: 'Core', theme: 'Bonds' };

const holding = (extras: object = {}): Holding =>
  ({
    id: 'h',
    portfolioId: 'p',
    account: 'ISA',
    section: 'Core',
    theme: 'Bonds',
    qty: '10',
    costBasis: '1000',
    costCurrency: 'GBP',
    instrument: { type: 'ETF', name: 'Fund', currency: 'GBP', quoteUnit: 'GBX' },
    ...extras,
  }) as Holding;
const values = (extras: Partial<TradeValues>): TradeValues => ({
  ...newValues(holding(), '2024-03-01'),
  ...extras,
});

describe('what a type of trade needs', () => {
  it('offers deposits for cash alone, and an opening only once', () => {
    expect(typesFor(true, false)[0]).toBe('deposit');
    expect(typesFor(false, false)).not.toContain('deposit');
    expect(typesFor(false, false)).toContain('opening');
    expect(typesFor(false, true)).not.toContain('opening');
  });

  it('asks for the units of a reinvestment only when there is one', () => {
    expect(fieldsOf(values({ type: 'dividend' }))).not.toContain('boughtQty');
    expect(fieldsOf(values({ type: 'dividend', reinvest: 'yes' }))).toContain('boughtQty');
    expect(fieldsOf(values({ type: 'transfer_out', where: 'elsewhere' }))).not.toContain('toAccount');
  });

  it('knows the currency of what is typed', () => {
    expect(currencyOf(values({ type: 'buy', unit: 'GBX' }), holding())).toBe('GBP');
    expect(currencyOf(values({ type: 'interest', currency: 'USD' }), holding())).toBe('USD');
  });

  it('reads the parts of a split as whole numbers', () => {
    expect(['2', ' 10 ', '0', '1.5', '', '1000001'].map(partOf)).toEqual([2, 10, null, null, null, null]);
  });
});

describe('what a trade does to cash', () => {
  it('takes quantity × price in pence with fees and taxes from it', () => {
    // 10 × 2,500 p = £250, and £5 and £1.25
    const buy = { qty: '10', price: '2500', unit: 'GBX', fees: '5', taxes: '1.25' };
    expect(netOf(values({ type: 'buy', ...buy }), read)).toBe('-256.25');
    expect(netOf(values({ type: 'sell', ...buy }), read)).toBe('243.75');
  });

  it('brings what is left of a dividend after tax and reinvestment', () => {
    const paid = values({ type: 'dividend', amount: '100', taxes: '15', unit: 'GBX' });
    expect(netOf(paid, read)).toBe('85');
    // 3 × 2,500 p and £1 go into units
    const bought = { reinvest: 'yes', boughtQty: '3', boughtPrice: '2500', boughtFees: '1' } as const;
    expect(netOf({ ...paid, ...bought }, read)).toBe('9');
  });

  it('is not known while something is no figure', () => {
    expect(netOf(values({ type: 'buy', qty: 'a few', price: '1' }), read)).toBeNull();
    expect(netOf(values({ type: 'fee', amount: '' }), read)).toBeNull();
  });

  it('settles against the cash of the account, in the trade’s currency first', () => {
    const cash = (id: string, account: string, currency: string): Holding =>
      holding({ id, account, instrument: { type: 'Cash', currency, quoteUnit: currency } });
    const all = [cash('a', 'SIPP', 'GBP'), cash('b', 'ISA', 'USD'), cash('c', 'ISA', 'GBP')];
    const order = (type: 'buy' | 'interest', unit: string) =>
      cashFor(all, holding(), values({ type, unit, currency: unit })).map((one) => one.id);
    expect(order('buy', 'GBX')).toEqual(['c', 'b', 'a']);
    expect(order('buy', 'USD')).toEqual(['b', 'c', 'a']);
    const [dollars] = [all[1] as Holding];
    expect(cashFor(all, dollars, values({ type: 'interest', currency: 'USD' }))[0]?.id).toBe('b');
    expect(cashFor(all, dollars, values({ type: 'buy', unit: 'USD' })).map((one) => one.id)).not.toContain(
      'b',
    );
  });
});

describe('the cost that a transfer takes along', () => {
  it('is its share, and all of it with the last unit', () => {
    expect(carriedCost(holding(), '4')).toBe('400');
    expect(carriedCost(holding({ qty: '3', costBasis: '100' }), '3')).toBe('100');
  });

  it('is not known for more than is held', () => {
    expect(carriedCost(holding(), '11')).toBeNull();
    expect(carriedCost(holding(), null)).toBeNull();
  });
});

describe('what is sent', () => {
  it('names the cash, and leaves out what is not typed', () => {
    const typed = { qty: '10', price: '2500', unit: 'GBX', settle: 'yes', cashId: 'c' } as const;
    expect(JSON.parse(JSON.stringify(draftOf(values({ type: 'buy', ...typed }), read, FILING)))).toEqual({
      type: 'buy',
      date: '2024-03-01',
      qty: '10',
      price: '2500',
      quoteUnit: 'GBX',
      settle: { holdingId: 'c', overdraw: false },
    });
  });

  it('says where a transfer goes, and files what is new in another portfolio', () => {
    const typed = { type: 'transfer_out', qty: '4', toAccount: 'SIPP' } as const;
    expect(draftOf(values(typed), read, FILING)).toMatchObject({ to: { account: 'SIPP' } });
    expect(draftOf(values({ ...typed, where: 'portfolio', toPortfolio: 'q' }), read, FILING)).toMatchObject({
      to: { portfolioId: 'q', account: 'SIPP', section: 'Core', theme: 'Bonds' },
    });
    expect(draftOf(values({ ...typed, where: 'elsewhere' }), read, FILING)).toMatchObject({ to: undefined });
  });

  it('takes a settlement, fees and notes away when they are taken out of the form', () => {
    const before = values({ type: 'buy', qty: '1', price: '1', fees: '5', settle: 'yes', notes: 'a' });
    const after: TradeValues = { ...before, fees: '', settle: 'no', notes: '' };
    expect(patchOf(after, before, read)).toMatchObject({ fees: '0', settle: null, notes: null });
    expect(patchOf(after, before, read)).not.toHaveProperty('type');
  });
});

describe('a recorded trade in the form', () => {
  const leg = (name: string, extras: object) => ({
    id: name,
    leg: name,
    holdingId: 'h',
    date: '2024-03-01',
    qty: '0',
    quoted: { price: '0', unit: 'GBP' },
    fees: '0',
    taxes: '0',
    overdraw: false,
    ...extras,
  });
  const event = (extras: object): TradeEvent =>
    ({
      ...leg('primary', {}),
      type: 'dividend',
      currency: 'GBP',
      amount: null,
      split: null,
      source: null,
      notes: null,
      ...extras,
    }) as unknown as TradeEvent;

  it('shows the reinvestment and the cash of its other legs', () => {
    const legs = [
      leg('reinvestment', { qty: '3', quoted: { price: '2500', unit: 'GBX' }, fees: '1' }),
      leg('settlement', { holdingId: 'c', overdraw: true }),
    ];
    expect(valuesOf(event({ amount: '100', legs }), holding())).toMatchObject({
      per: 'sum',
      amount: '100',
      reinvest: 'yes',
      boughtQty: '3',
      boughtPrice: '2500',
      unit: 'GBX',
      settle: 'yes',
      cashId: 'c',
      overdraw: 'yes',
    });
  });

  it('knows a transfer to elsewhere from one that arrives', () => {
    const sent = { type: 'transfer_out', qty: '4' };
    expect(valuesOf(event({ ...sent, legs: [] }), holding()).where).toBe('elsewhere');
    const legs = [leg('counterpart', { holdingId: 'other', date: '2024-03-05' })];
    expect(valuesOf(event({ ...sent, legs }), holding())).toMatchObject({
      where: 'account',
      arrives: '2024-03-05',
    });
  });
});

describe('a refusal', () => {
  const refused = (field: string) =>
    new ApiProblem(422, { detail: 'No.', errors: [{ field, message: 'No.' }] });
  const placed = (field: string, typed: Partial<TradeValues>): string | undefined =>
    (placeProblem(refused(field), values(typed)) as ApiProblem).fields[0]?.field;

  it('stands beside the field that is in sight, else over the buttons', () => {
    expect(placed('qty', { type: 'buy' })).toBe('qty');
    expect(placed('qty', { type: 'withdrawal' })).toBe('amount');
    expect(placed('to.account', { type: 'transfer_out' })).toBe('toAccount');
    expect(placed('settle', { type: 'buy', settle: 'yes' })).toBe('form');
    expect(placed('arrives', { type: 'split' })).toBe('form');
  });
});

describe('how a cost came about', () => {
  it('lists what moved it, oldest first', () => {
    const trade = (id: string, costBasis: string) => ({ id, running: { costBasis } }) as unknown as Trade;
    const trades = [trade('sale', '400'), trade('dividend', '600'), trade('buy', '600')];
    expect(costTrail(trades).map((step) => [step.trade.id, step.change])).toEqual([
      ['buy', '600'],
      ['sale', '-200'],
    ]);
  });
});
