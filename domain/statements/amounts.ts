/**
 * What an entry comes to in the ledger: gross sum, charges and rate of the trade, and what its cash moves. Where the
 * statement says what was paid, that is what is recorded, to the penny.
 *
 * Contents: EntryAmounts · amountsOf · securityKey · factsOf
 */
import { dec, decimalText, ONE, roundAmount, roundRate, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

import type { StatementEntry, StatementSecurity, Sum } from './kinds.ts';

export type EntryAmounts = {
  readonly currency: string;
  readonly quoteUnit: string;
  readonly price: Decimal | null;
  /** Gross sum, where quantity × price does not say it exactly; null where it does. */
  readonly amount: Decimal | null;
  readonly fees: Decimal;
  readonly taxes: Decimal;
  /** Units of the portfolio's currency for one of the trade's, where the statement says what was paid in it. */
  readonly paidRate: Decimal | null;
  /** What the cash moves, not negative, in the currency of the statement. */
  readonly cash: Sum;
};

const isBuying = (entry: StatementEntry): boolean => entry.type === 'buy';

/** Charges make a purchase dearer and a sale, dividend or interest smaller. */
const netOf = (entry: StatementEntry, gross: Decimal, charges: Decimal): Decimal =>
  isBuying(entry) ? gross.plus(charges) : gross.minus(charges);

const grossOf = (entry: StatementEntry, net: Decimal, charges: Decimal): Decimal =>
  isBuying(entry) ? net.minus(charges) : net.plus(charges);

/** Everything is in one currency. */
const inOneCurrency = (entry: StatementEntry): EntryAmounts => {
  const { qty, price, fees, taxes, total, currency, quoteUnit } = entry;
  const charges = fees.plus(taxes);
  const product = qty !== null && price !== null ? qty.times(price) : null;
  const net = total?.amount ?? netOf(entry, product ?? ZERO, charges);
  const gross = grossOf(entry, net, charges);
  const isExact =
    product !== null && product.equals(gross) && (entry.type === 'buy' || entry.type === 'sell');
  const isPriced = entry.type === 'buy' || entry.type === 'sell';
  return {
    currency,
    quoteUnit,
    price:
      price !== null && !price.isZero()
        ? price
        : isPriced && qty !== null
          ? roundAmount(gross.div(qty))
          : null,
    amount: isExact ? null : roundAmount(gross),
    fees,
    taxes,
    paidRate: null,
    cash: { amount: roundAmount(net), currency },
  };
};

/** A stated rate further than this from what was paid is written the other way round, or of something else. */
const RATE_TOLERANCE = dec('0.05');

/** Priced in one currency, paid in another. */
const inTwoCurrencies = (
  entry: StatementEntry,
  paid: Sum,
  qty: Decimal,
  price: Decimal,
  base: string,
): EntryAmounts => {
  const { rate, currency, quoteUnit } = entry;
  const gross = qty.times(price);
  const implied = paid.amount.div(gross);
  const isPlausible = rate !== null && rate.div(implied).minus(ONE).abs().lessThan(RATE_TOLERANCE);
  const perUnit = isPlausible ? rate : implied;
  const inTrade = (sum: Decimal): Decimal =>
    entry.chargesIn === currency || sum.isZero() ? sum : roundAmount(sum.div(perUnit));
  const [fees, taxes] = [inTrade(entry.fees), inTrade(entry.taxes)];
  const net = netOf(entry, gross, fees.plus(taxes));
  const isPaidInBase = paid.currency === base && net.greaterThan(0);
  return {
    currency,
    quoteUnit,
    price,
    amount: null,
    fees,
    taxes,
    paidRate: isPaidInBase ? roundRate(paid.amount.div(net)) : null,
    cash: { amount: roundAmount(paid.amount), currency: paid.currency },
  };
};

/** Income and sums of money: in the currency in which they were paid. */
const asPaid = (entry: StatementEntry, paid: Sum): EntryAmounts => {
  const convertible = entry.chargesIn === paid.currency ? ONE : (entry.rate ?? ZERO);
  const taxes = roundAmount(entry.taxes.times(convertible));
  const fees = roundAmount(entry.fees.times(convertible));
  return {
    currency: paid.currency,
    quoteUnit: paid.currency,
    price: null,
    amount: roundAmount(paid.amount.plus(fees).plus(taxes)),
    fees,
    taxes,
    paidRate: null,
    cash: { amount: roundAmount(paid.amount), currency: paid.currency },
  };
};

/**
 * The amounts of an entry in a portfolio of currency `base`.
 * A purchase priced in another currency than it was paid in keeps its own price and takes as its rate what was paid for
 * it; charges are brought into its currency by the rate of the statement.
 */
export const amountsOf = (entry: StatementEntry, base: string): EntryAmounts => {
  const { type, total, qty, price } = entry;
  if (type === 'buy' || type === 'sell') {
    const isForeign = total !== null && total.currency !== entry.currency;
    if (isForeign && qty !== null && price !== null && !price.isZero()) {
      return inTwoCurrencies(entry, total, qty, price, base);
    }
    return isForeign
      ? inOneCurrency({ ...entry, currency: total.currency, quoteUnit: total.currency, price: null })
      : inOneCurrency(entry);
  }
  return total === null ? inOneCurrency(entry) : asPaid(entry, total);
};

/** What tells the securities of a file apart, and is remembered with the choice of an instrument. */
export const securityKey = ({ isin, sedol, ticker, mic, name }: StatementSecurity): string =>
  isin ??
  sedol ??
  (ticker === null
    ? `name ${(name ?? '').toLowerCase()}`
    : `ticker ${ticker}${mic === null ? '' : `@${mic}`}`);

const plain = (value: Decimal | null): string => (value === null ? '' : decimalText(value));

/** What a row says, however its file writes it: the same row of a later file says the same. */
export const factsOf = (entry: StatementEntry): string =>
  [
    entry.type,
    entry.at,
    entry.security === null ? '' : securityKey(entry.security),
    plain(entry.qty),
    plain(entry.price),
    plain(entry.total?.amount ?? null),
    entry.total?.currency ?? entry.currency,
    entry.split === null ? '' : `${entry.split.numerator}:${entry.split.denominator}`,
    entry.reference ?? '',
    entry.fees.isZero() ? '' : plain(entry.fees),
  ].join('|');
