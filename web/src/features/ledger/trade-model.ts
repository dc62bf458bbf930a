import { dec, decimalText, isQuoteUnit, quoteUnit } from '@pm/domain/money';
import type { Request } from '../../lib/api.ts';
import type { Holding, TradeEvent } from './queries.ts';

export type TradeDraft = NonNullable<Request<'POST /api/holdings/:id/trades'>['body']>;
export type TradePatch = NonNullable<Request<'PATCH /api/trades/:id'>['body']>;
export type TradeType = TradeDraft['type'];
export type DepositSource = NonNullable<Extract<TradeDraft, { type: 'deposit' }>['source']>;

/** What stands in the trade form, as typed. Fields that the chosen type does not need keep what they hold. */
export type TradeValues = {
  type: TradeType;
  date: string;
  qty: string;
  price: string;
  /** The unit that the price is quoted in: GBP, GBX, USD. */
  unit: string;
  /** The sum of a dividend, interest, fee, tax, deposit or withdrawal. */
  amount: string;
  currency: string;
  /** A dividend by its sum, or by what each unit paid. */
  per: 'sum' | 'unit';
  fees: string;
  taxes: string;
  fxRate: string;
  settle: 'yes' | 'no';
  cashId: string;
  overdraw: 'yes' | 'no';
  settleRate: string;
  numerator: string;
  denominator: string;
  reinvest: 'yes' | 'no';
  boughtQty: string;
  boughtPrice: string;
  boughtFees: string;
  source: DepositSource;
  where: 'account' | 'portfolio' | 'elsewhere';
  toPortfolio: string;
  toAccount: string;
  arrives: string;
  cost: string;
  notes: string;
};

export type Field = keyof TradeValues;

/** Types that a person may choose, the everyday ones first. */
export const typesFor = (isCash: boolean, hasOpening: boolean): readonly TradeType[] => {
  const opening: readonly TradeType[] = hasOpening ? [] : ['opening'];
  return isCash
    ? [
        'deposit',
        'withdrawal',
        'interest',
        'transfer_out',
        'transfer_in',
        'fee',
        'tax',
        'buy',
        'sell',
        ...opening,
      ]
    : [
        'buy',
        'sell',
        'dividend',
        'split',
        'transfer_out',
        'transfer_in',
        'interest',
        'fee',
        'tax',
        ...opening,
      ];
};

const PRICED: readonly Field[] = ['qty', 'price', 'unit', 'fees', 'taxes', 'fxRate'];
const SETTLED: readonly Field[] = ['settle', 'cashId', 'overdraw', 'settleRate'];
const ALWAYS: readonly Field[] = ['type', 'date', 'notes'];

const OWN: Readonly<Record<TradeType, (values: TradeValues) => readonly Field[]>> = {
  buy: () => [...PRICED, ...SETTLED],
  sell: () => [...PRICED, ...SETTLED],
  opening: () => PRICED,
  dividend: ({ per, reinvest }) => [
    ...(per === 'sum' ? (['amount', 'currency'] as const) : (['qty', 'price', 'unit'] as const)),
    'per',
    'taxes',
    'fxRate',
    'reinvest',
    ...(reinvest === 'yes' ? (['boughtQty', 'boughtPrice', 'boughtFees'] as const) : []),
    ...SETTLED,
  ],
  interest: () => ['amount', 'currency', 'taxes', 'fxRate', ...SETTLED],
  fee: () => ['amount', 'currency', 'fxRate', ...SETTLED],
  tax: () => ['amount', 'currency', 'fxRate', ...SETTLED],
  split: () => ['numerator', 'denominator'],
  deposit: () => ['amount', 'source', 'fxRate'],
  withdrawal: () => ['amount', 'fxRate'],
  transfer_out: ({ where }) => [
    'qty',
    'where',
    ...(where === 'portfolio' ? (['toPortfolio', 'toAccount', 'arrives', 'fxRate'] as const) : []),
    ...(where === 'account' ? (['toAccount', 'arrives'] as const) : []),
  ],
  transfer_in: () => ['qty', 'cost', 'currency', 'fxRate'],
};

/** The fields that the form shows for what is chosen. */
export const fieldsOf = (values: TradeValues): readonly Field[] => [...ALWAYS, ...OWN[values.type](values)];

export const isSettling = (type: TradeType): boolean =>
  type === 'buy' ||
  type === 'sell' ||
  type === 'dividend' ||
  type === 'interest' ||
  type === 'fee' ||
  type === 'tax';

/** Whether the trade takes money out of cash, and not into it. */
export const takesCash = (type: TradeType): boolean => type === 'buy' || type === 'fee' || type === 'tax';

export const isCashHolding = (holding: Holding): boolean => holding.instrument?.type === 'Cash';

/** The currency that a quote unit is of: GBX is of GBP. */
export const currencyOfUnit = (unit: string): string => (isQuoteUnit(unit) ? quoteUnit(unit).currency : unit);

/** The currency of what is typed. */
export const currencyOf = (values: TradeValues, holding: Holding): string => {
  const { type } = values;
  if (type === 'deposit' || type === 'withdrawal') {
    return holding.instrument?.currency ?? holding.costCurrency;
  }
  if (type === 'transfer_out' || type === 'split') return holding.costCurrency;
  const priced = type === 'buy' || type === 'sell' || type === 'opening';
  if (priced || (type === 'dividend' && values.per === 'unit')) return currencyOfUnit(values.unit);
  return values.currency;
};

/** The unit in which the price of what a dividend bought is typed: the holding's own where it is of the same currency. */
export const boughtUnitOf = (values: TradeValues): string =>
  values.per === 'unit' || currencyOfUnit(values.unit) === values.currency ? values.unit : values.currency;

/** A new trade of a holding, dated today. */
export const newValues = (holding: Holding, today: string): TradeValues => {
  const currency = holding.instrument?.currency ?? holding.costCurrency;
  return {
    type: isCashHolding(holding) ? 'deposit' : 'buy',
    date: today,
    qty: '',
    price: isCashHolding(holding) ? '1' : '',
    unit: holding.instrument?.quoteUnit ?? holding.costCurrency,
    amount: '',
    currency,
    per: 'sum',
    fees: '',
    taxes: '',
    fxRate: '',
    settle: 'no',
    cashId: '',
    overdraw: 'no',
    settleRate: '',
    numerator: '2',
    denominator: '1',
    reinvest: 'no',
    boughtQty: '',
    boughtPrice: '',
    boughtFees: '',
    source: 'own',
    where: 'account',
    toPortfolio: '',
    toAccount: '',
    arrives: '',
    cost: '',
    notes: '',
  };
};

const unlessZero = (amount: string): string => (amount === '0' ? '' : amount);

/** A recorded trade with its legs, as it could have been typed. */
export const valuesOf = (event: TradeEvent, holding: Holding): TradeValues => {
  const leg = (name: TradeEvent['leg']) => event.legs.find((one) => one.leg === name);
  const [cash, bought, arrival] = [leg('settlement'), leg('reinvestment'), leg('counterpart')];
  const isMoney = event.type === 'deposit' || event.type === 'withdrawal';
  return {
    ...newValues(holding, event.date),
    type: event.type,
    qty: event.qty,
    price: event.quoted.price,
    unit: bought?.quoted.unit ?? event.quoted.unit,
    amount: isMoney ? event.qty : (event.amount ?? ''),
    currency: event.currency,
    per: event.type === 'dividend' && event.qty !== '0' ? 'unit' : 'sum',
    fees: unlessZero(event.fees),
    taxes: unlessZero(event.taxes),
    settle: cash ? 'yes' : 'no',
    cashId: cash?.holdingId ?? '',
    overdraw: cash?.overdraw === true ? 'yes' : 'no',
    numerator: String(event.split?.numerator ?? ''),
    denominator: String(event.split?.denominator ?? ''),
    reinvest: bought ? 'yes' : 'no',
    boughtQty: bought?.qty ?? '',
    boughtPrice: bought?.quoted.price ?? '',
    boughtFees: unlessZero(bought?.fees ?? '0'),
    source: event.source ?? 'own',
    where: arrival ? 'account' : 'elsewhere',
    arrives: arrival && arrival.date !== event.date ? arrival.date : '',
    cost: event.type === 'transfer_in' ? (event.amount ?? '0') : '',
    notes: event.notes ?? '',
  };
};

/** Reads what a person typed as a decimal, or null. */
export type Read = (typed: string) => string | null;

const MOST_PARTS = 1_000_000;

/** A whole number of a split, or null. */
export const partOf = (typed: string): number | null => {
  const text = typed.trim();
  if (!/^\d{1,7}$/.test(text)) return null;
  const part = Number(text);
  return part >= 1 && part <= MOST_PARTS ? part : null;
};

/** What leaves the trade and what comes in, in its own currency: above zero money comes in. Null while it is not known. */
export const netOf = (values: TradeValues, read: Read): string | null => {
  const { type } = values;
  const or = (typed: string): string | null => (typed.trim() === '' ? '0' : read(typed));
  const byUnits = type === 'buy' || type === 'sell' || (type === 'dividend' && values.per === 'unit');
  const gross = byUnits ? product(read(values.qty), read(values.price), values.unit) : read(values.amount);
  const [fees, taxes] = [type === 'buy' || type === 'sell' ? or(values.fees) : '0', or(values.taxes)];
  if (gross === null || fees === null || taxes === null) return null;
  if (type === 'buy') return decimalText(dec(gross).plus(fees).plus(taxes).negated());
  if (type === 'fee' || type === 'tax') return decimalText(dec(gross).negated());
  const net = dec(gross).minus(fees).minus(taxes);
  if (type !== 'dividend' || values.reinvest === 'no') return decimalText(net);
  const units = product(read(values.boughtQty), read(values.boughtPrice), boughtUnitOf(values));
  const charge = or(values.boughtFees);
  return units === null || charge === null ? null : decimalText(net.minus(units).minus(charge));
};

const product = (qty: string | null, price: string | null, unit: string): string | null => {
  if (qty === null || price === null) return null;
  const per = isQuoteUnit(unit) ? quoteUnit(unit).perCurrencyUnit : 1;
  return decimalText(dec(qty).times(price).div(per));
};

/** The share of the cost that goes along when `qty` of what is held now leaves; null when it is not there. */
export const carriedCost = (holding: Holding, qty: string | null): string | null => {
  if (qty === null) return null;
  const [held, gone] = [dec(holding.qty), dec(qty)];
  if (held.lte(0) || gone.lte(0) || gone.gt(held)) return null;
  return gone.eq(held) ? holding.costBasis : decimalText(dec(holding.costBasis).times(gone).div(held));
};
