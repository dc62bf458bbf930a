import { ApiProblem, fieldName } from '../../lib/problem.ts';
import {
  boughtUnitOf,
  fieldsOf,
  partOf,
  type Field,
  type Read,
  type TradeDraft,
  type TradePatch,
  type TradeValues,
} from './trade-model.ts';

/** Where a transfer goes: under which names the receiving portfolio files what is new there. */
export type Filing = { readonly section: string; readonly theme: string };

const given = (typed: string, read: Read): string | undefined => read(typed) ?? undefined;

const settlement = (values: TradeValues, read: Read) =>
  values.settle === 'yes'
    ? {
        ...(values.cashId === '' ? {} : { holdingId: values.cashId }),
        overdraw: values.overdraw === 'yes',
        fxRate: given(values.settleRate, read),
      }
    : undefined;

const priced = (values: TradeValues, read: Read) => ({
  qty: read(values.qty) ?? '',
  price: read(values.price) ?? '',
  quoteUnit: values.unit,
  fees: given(values.fees, read),
  taxes: given(values.taxes, read),
  fxRate: given(values.fxRate, read),
});

const reinvestment = (values: TradeValues, read: Read) =>
  values.reinvest === 'yes'
    ? {
        qty: read(values.boughtQty) ?? '',
        price: read(values.boughtPrice) ?? '',
        quoteUnit: boughtUnitOf(values),
        fees: given(values.boughtFees, read),
      }
    : undefined;

const dividend = (values: TradeValues, read: Read) => ({
  ...(values.per === 'sum'
    ? { amount: read(values.amount) ?? '', currency: values.currency }
    : { qty: read(values.qty) ?? '', price: read(values.price) ?? '', quoteUnit: values.unit }),
  taxes: given(values.taxes, read),
  fxRate: given(values.fxRate, read),
  settle: settlement(values, read),
  reinvest: reinvestment(values, read),
});

const target = (values: TradeValues, filing: Filing) => {
  if (values.where === 'elsewhere') return undefined;
  return values.where === 'account'
    ? { account: values.toAccount }
    : { portfolioId: values.toPortfolio, account: values.toAccount, ...filing };
};

/** What is sent to record the trade that stands in the form. The form is checked before. */
export const draftOf = (values: TradeValues, read: Read, filing: Filing): TradeDraft => {
  const notes = values.notes.trim();
  const when = { date: values.date, notes: notes === '' ? undefined : notes };
  const amount = read(values.amount) ?? '';
  const fxRate = given(values.fxRate, read);
  const { type } = values;
  switch (type) {
    case 'buy':
    case 'sell':
      return { type, ...when, ...priced(values, read), settle: settlement(values, read) };
    case 'opening':
      return { type, ...when, ...priced(values, read) };
    case 'dividend':
      return { type, ...when, ...dividend(values, read) };
    case 'interest': {
      const taxes = given(values.taxes, read);
      return {
        type,
        ...when,
        amount,
        currency: values.currency,
        taxes,
        fxRate,
        settle: settlement(values, read),
      };
    }
    case 'fee':
    case 'tax':
      return { type, ...when, amount, currency: values.currency, fxRate, settle: settlement(values, read) };
    case 'split':
      return {
        type,
        ...when,
        numerator: partOf(values.numerator) ?? 0,
        denominator: partOf(values.denominator) ?? 0,
      };
    case 'deposit':
      return { type, ...when, amount, fxRate, source: values.source };
    case 'withdrawal':
      return { type, ...when, amount, fxRate };
    case 'transfer_out': {
      const stays = values.where === 'elsewhere';
      return {
        type,
        ...when,
        qty: read(values.qty) ?? '',
        to: target(values, filing),
        arrives: stays || values.arrives === '' ? undefined : values.arrives,
        fxRate: values.where === 'portfolio' ? fxRate : undefined,
      };
    }
    case 'transfer_in':
      return {
        type,
        ...when,
        qty: read(values.qty) ?? '',
        cost: read(values.cost) ?? '',
        currency: values.currency,
        fxRate,
      };
  }
};

/** What a recorded trade keeps for ever. */
const FIXED: readonly string[] = ['type', 'currency', 'to'];

/** What is sent to correct a trade: everything that can be, so that what was taken out of the form goes. */
export const patchOf = (values: TradeValues, before: TradeValues, read: Read): TradePatch => {
  const all = Object.entries(draftOf(values, read, { section: '', theme: '' }));
  const draft: Record<string, unknown> = Object.fromEntries(all.filter(([name]) => !FIXED.includes(name)));
  const cleared = {
    notes: values.notes.trim() === '' ? null : undefined,
    fees: before.fees !== '' && 'fees' in draft ? '0' : undefined,
    taxes: before.taxes !== '' && 'taxes' in draft ? '0' : undefined,
    settle: before.settle === 'yes' ? null : undefined,
    reinvest: before.reinvest === 'yes' ? null : undefined,
    arrives: before.arrives === '' ? undefined : values.date,
  };
  const filled = Object.entries(cleared).map(([name, empty]) => [name, draft[name] ?? empty]);
  // The draft of a type has the fields of its patch, which the server checks again.
  return { ...draft, ...Object.fromEntries(filled) } as TradePatch;
};

const SERVER_NAMES: Readonly<Record<string, Field>> = {
  quoteUnit: 'unit',
  'settle.holdingId': 'cashId',
  'settle.fxRate': 'settleRate',
  'settle.overdraw': 'overdraw',
  'reinvest.qty': 'boughtQty',
  'reinvest.price': 'boughtPrice',
  'reinvest.fees': 'boughtFees',
  to: 'toAccount',
  'to.account': 'toAccount',
  'to.portfolioId': 'toPortfolio',
};

/** Fields that have no place of their own for words, or are not always there. */
const WORDLESS: readonly Field[] = [
  'type',
  'currency',
  'per',
  'settle',
  'cashId',
  'overdraw',
  'reinvest',
  'where',
];

/** Brings a refusal to the fields that are in sight; what belongs to none of them is said for the form as a whole. */
export const placeProblem = (error: unknown, values: TradeValues): unknown => {
  if (!(error instanceof ApiProblem)) return error;
  const shown = fieldsOf(values);
  const open = shown.filter(
    (field) => !WORDLESS.includes(field) && (field !== 'settleRate' || values.settle === 'yes'),
  );
  const errors = error.fields.map(({ field, message }) => {
    const named = fieldName(field);
    const wanted = SERVER_NAMES[named] ?? named;
    // Money that is withdrawn is the quantity of cash.
    const stand = wanted === 'qty' && !shown.includes('qty') ? 'amount' : wanted;
    return { field: open.find((one) => one === stand) ?? 'form', message };
  });
  return new ApiProblem(error.status, { detail: error.message, code: error.code, errors });
};
