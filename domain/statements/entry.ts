/**
 * From the texts of a row to an entry, or to what is wrong with it.
 *
 * Contents: entryOf
 */
import { FIRST_LEDGER_DAY, isBefore } from '@pm/domain/calendar';
import { validIsin, validSedol } from '@pm/domain/identifiers';
import {
  dec,
  decimalProblem,
  decimalText,
  isQuoteUnit,
  isStorable,
  ONE,
  quoteUnit,
  RATE_SCALE,
  roundAmount,
  roundRate,
  ZERO,
} from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

import { isBlank, readNumber, readSplit, readWhen } from './cells.ts';
import type { Conventions, RawEntry, RowProblem, StatementEntry, StatementSecurity } from './kinds.ts';

/** Thrown inside and turned into a problem of the row. */
class Wrong extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

const MAX_TEXT = 300;
const LEAVE_OUT = 'Correct the file, or leave the row out and record it by hand';

const textOf = (text: string | undefined): string | null =>
  text === undefined || isBlank(text) ? null : text.trim().slice(0, MAX_TEXT);

type NumberOf = (field: string, text: string | undefined) => { value: Decimal; inPence: boolean } | null;

const numbersIn =
  ({ decimalSign }: Conventions): NumberOf =>
  (field, text) => {
    if (text === undefined || isBlank(text)) return null;
    const read = readNumber(text, decimalSign);
    if (read === null) throw new Wrong(field, `“${text.trim().slice(0, 40)}” is not a number. ${LEAVE_OUT}`);
    const problem = isStorable(read.value) ? null : decimalProblem(decimalText(read.value));
    if (problem !== null) throw new Wrong(field, `“${text.trim().slice(0, 40)}” ${problem}. ${LEAVE_OUT}`);
    return read;
  };

const sumOf = (field: string, texts: RawEntry['fees'], number: NumberOf): Decimal => {
  let sum = ZERO;
  for (const text of texts ?? []) {
    const read = number(field, text);
    if (read !== null) sum = sum.plus(read.value.abs());
  }
  return sum;
};

const unitOf = (field: string, text: string | null, fallback: string): string => {
  const code = text ?? fallback;
  const known = [code, code.toUpperCase()].find(isQuoteUnit);
  if (known === undefined) {
    throw new Wrong(field, `“${code.slice(0, 20)}” is neither a currency nor pence (GBX). ${LEAVE_OUT}`);
  }
  return known;
};

/** What was read already: a file has many rows of one day and of one security. */
export type Memory = {
  readonly days: Map<string, ReturnType<typeof readWhen>>;
  readonly securities: Map<string, StatementSecurity | null>;
};

const whenOf = (raw: RawEntry, { dayOrder }: Conventions, { days }: Memory) => {
  const known = days.get(raw.date);
  const when = known === undefined ? readWhen(raw.date, dayOrder) : known;
  if (known === undefined) days.set(raw.date, when);
  const shown = `“${raw.date.trim().slice(0, 40)}”`;
  if (when === 'ambiguous') {
    throw new Wrong('date', `${shown} can be read in two ways; say whether the day or the month comes first`);
  }
  if (when === null) throw new Wrong('date', `${shown} is not a day. ${LEAVE_OUT}`);
  if (isBefore(when.date, FIRST_LEDGER_DAY)) {
    throw new Wrong('date', `${shown} is before 1900. ${LEAVE_OUT}`);
  }
  return when;
};

const MIC = /^[A-Z0-9]{4}$/;

const securityOf = (raw: RawEntry, { securities }: Memory): StatementSecurity | null => {
  const said = [raw.isin, raw.sedol, raw.ticker, raw.exchange, raw.name].join('\n');
  const known = securities.get(said);
  if (known !== undefined) return known;
  const security = readSecurity(raw);
  securities.set(said, security);
  return security;
};

const readSecurity = (raw: RawEntry): StatementSecurity | null => {
  const [isin, sedol, ticker, exchange, name] = [raw.isin, raw.sedol, raw.ticker, raw.exchange, raw.name].map(
    textOf,
  );
  if (!isin && !sedol && !ticker && !name) return null;
  const valid = isin ? validIsin(isin) : null;
  if (isin && valid === null) {
    throw new Wrong('isin', `${isin} is not an ISIN: its check digit is wrong. ${LEAVE_OUT}`);
  }
  return {
    isin: valid,
    sedol: sedol ? validSedol(sedol) : null,
    ticker: ticker ? ticker.toUpperCase() : null,
    mic: exchange && MIC.test(exchange) ? exchange : null,
    name: name ?? null,
  };
};

const NEEDS_SECURITY: ReadonlySet<string> = new Set(['buy', 'sell', 'dividend', 'split']);

/** What each type must have; the first that is missing is named. */
const requireParts = (raw: RawEntry, entry: Omit<StatementEntry, 'row'>): void => {
  const { type, security, qty, price, total, split } = entry;
  if (NEEDS_SECURITY.has(type) && security === null) {
    throw new Wrong('name', `The row does not say which security it is about. ${LEAVE_OUT}`);
  }
  if (type === 'split' && split === null) {
    throw new Wrong('split', `“${raw.split?.slice(0, 20) ?? ''}” is not a ratio such as 2:1. ${LEAVE_OUT}`);
  }
  if (type === 'buy' || type === 'sell') {
    if (qty === null || qty.isZero()) throw new Wrong('qty', `A ${type} needs a quantity. ${LEAVE_OUT}`);
    if ((price === null || price.isZero()) && (total === null || total.amount.isZero())) {
      throw new Wrong('price', `A ${type} needs a price or a total above 0. ${LEAVE_OUT}`);
    }
    return;
  }
  if (type !== 'split' && (total === null || total.amount.isZero())) {
    if (type === 'dividend' && qty !== null && price !== null && !qty.times(price).isZero()) return;
    throw new Wrong('amount', `The row has no amount. ${LEAVE_OUT}`);
  }
};

const INCOMING: ReadonlySet<string> = new Set(['dividend', 'interest', 'deposit']);

const requireSign = (type: string, total: Decimal | null): void => {
  if (total === null || !total.isNegative() || total.isZero() || !INCOMING.has(type)) return;
  throw new Wrong(
    'amount',
    `A ${type} below 0 takes an earlier one back. Leave both rows out, or correct by hand`,
  );
};

const rateOf = (raw: RawEntry, number: NumberOf): Decimal | null => {
  const stated = number('fxRate', raw.rate)?.value ?? null;
  if (stated === null) return null;
  if (!stated.greaterThan(0)) throw new Wrong('fxRate', `A rate must be more than 0. ${LEAVE_OUT}`);
  const rate = raw.rateIs === 'unit-per-cash' ? roundRate(ONE.div(stated)) : stated;
  if (decimalProblem(decimalText(rate), RATE_SCALE) !== null || rate.isZero()) {
    throw new Wrong('fxRate', `The rate has too many digits. ${LEAVE_OUT}`);
  }
  return rate;
};

const build = (raw: RawEntry, conventions: Conventions, memory: Memory): Omit<StatementEntry, 'row'> => {
  const number = numbersIn(conventions);
  const when = whenOf(raw, conventions, memory);
  const written = number('price', raw.price);
  const named = unitOf('priceUnit', textOf(raw.priceUnit), conventions.currency);
  const unit = quoteUnit(written?.inPence === true && named === 'GBP' ? 'GBX' : named);
  const total = number('amount', raw.total);
  requireSign(raw.type, total?.value ?? null);
  const totalUnit = quoteUnit(unitOf('currency', textOf(raw.totalCurrency), conventions.currency));
  const qty = number('qty', raw.qty)?.value.abs() ?? null;
  const price = written === null ? null : roundAmount(written.value.abs().div(unit.perCurrencyUnit));
  const entry = {
    type: raw.type,
    ...when,
    security: securityOf(raw, memory),
    qty,
    price,
    quoteUnit: unit.code,
    currency: unit.currency,
    fees: sumOf('fees', raw.fees, number),
    taxes: sumOf('taxes', raw.taxes, number),
    chargesIn: quoteUnit(unitOf('currency', textOf(raw.chargesIn), totalUnit.currency)).currency,
    total:
      total === null
        ? null
        : {
            amount: total.value.abs().div(total.inPence ? dec('100') : totalUnit.perCurrencyUnit),
            currency: totalUnit.currency,
          },
    rate: rateOf(raw, number),
    split: raw.split === undefined ? null : readSplit(raw.split),
    reference: textOf(raw.reference),
    notes: textOf(raw.notes),
  };
  requireParts(raw, entry);
  return raw.feesFollow === true ? withFees(entry) : entry;
};

/** Below this, in the currency, a difference is the rounding of a printed price. */
const ROUNDING = dec('0.02');

/** Brokers without a column for it: what the cash moved beyond quantity × price was charged. */
const withFees = (entry: Omit<StatementEntry, 'row'>): Omit<StatementEntry, 'row'> => {
  const { type, qty, price, total, currency } = entry;
  if ((type !== 'buy' && type !== 'sell') || qty === null || price === null || total === null) return entry;
  if (total.currency !== currency) return entry;
  const gross = roundAmount(qty.times(price));
  const charged = type === 'buy' ? total.amount.minus(gross) : gross.minus(total.amount);
  return charged.lessThanOrEqualTo(ROUNDING) ? entry : { ...entry, fees: charged, chargesIn: currency };
};

/** An entry of the texts of a row, or the first thing that is wrong with it. */
export const entryOf = (
  row: number,
  raw: RawEntry,
  conventions: Conventions,
  memory: Memory,
): StatementEntry | RowProblem => {
  try {
    return { row, ...build(raw, conventions, memory) };
  } catch (error) {
    if (error instanceof Wrong) return { row, field: error.field, message: `${error.message}.` };
    throw error;
  }
};
