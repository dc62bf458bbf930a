/**
 * From entries of a statement to holdings and trades: which holding each belongs to, at what rate, with which cash.
 *
 * Contents: StatementTarget · PlannedStatement · planStatement
 */
import { createHash, randomUUIDv7 } from 'node:crypto';

import { amountsOf, factsOf, securityKey } from '@pm/domain/statements';
import type { EntryAmounts, StatementEntry } from '@pm/domain/statements';
import { decimalText, ONE, roundAmount, roundRate } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';

import { BLANK_TRADE, ownCurrency } from '#features/ledger';
import type { NewHolding, TradeValues } from '#features/ledger';

/** Where a statement is recorded. */
export type StatementTarget = {
  readonly portfolioId: string;
  readonly owner: string;
  readonly base: string;
  readonly account: string;
  readonly section: string;
  readonly theme: string;
  readonly cashSection: string;
  readonly cashTheme: string;
  /** Keeps the account's cash. */
  readonly settle: boolean;
  readonly overdraw: boolean;
};

/** What the plan rests on besides the entries. */
export type PlanParts = {
  readonly target: StatementTarget;
  /** Holding by instrument, of those that the account has. */
  readonly held: ReadonlyMap<string, string>;
  /** Instrument by security. */
  readonly instruments: ReadonlyMap<string, string>;
  /** Cash instrument by currency. */
  readonly cash: ReadonlyMap<string, string>;
  /** The published rate to the portfolio's currency on a day; null where there is none. */
  readonly rateOn: (
    currency: string,
    day: Temporal.PlainDate,
  ) => { rate: Decimal; source: string; date: Temporal.PlainDate } | null;
  readonly importId: string;
};

export type PlannedStatement = {
  readonly holdings: readonly NewHolding[];
  readonly trades: readonly TradeValues[];
  readonly problems: readonly { readonly row: number; readonly field: string; readonly message: string }[];
};

/** Which row of a statement an entry is: the same facts in the same account, the first, second … time in the file. */
export const entryKeys = (account: string, entries: readonly StatementEntry[]): string[] => {
  const times = new Map<string, number>();
  return entries.map((entry) => {
    const hash = createHash('sha256')
      .update(`${account}|${factsOf(entry)}`)
      .digest('base64url')
      .slice(0, 27);
    const time = (times.get(hash) ?? 0) + 1;
    times.set(hash, time);
    return `${hash}.${time}`;
  });
};

type Rate = Pick<TradeValues, 'fxRate' | 'fxSource' | 'fxDate'>;
const SAME: Rate = { fxRate: '1', fxSource: 'identity', fxDate: null };

class Planner {
  readonly holdings: NewHolding[] = [];
  readonly trades: TradeValues[] = [];
  readonly problems: PlannedStatement['problems'][number][] = [];
  private readonly parts: PlanParts;
  private readonly places = new Map<string, string>();
  private readonly refs = new Map<string, TradeValues['holding']>();

  constructor(parts: PlanParts) {
    this.parts = parts;
  }

  private ref(instrumentId: string, isCash: boolean): TradeValues['holding'] {
    const { target, held } = this.parts;
    const known = this.places.get(instrumentId) ?? held.get(instrumentId);
    const id = known ?? randomUUIDv7();
    const ref = this.refs.get(id) ?? { id, user_id: target.owner, portfolio_id: target.portfolioId };
    this.refs.set(id, ref);
    if (known === undefined) {
      this.holdings.push({
        id,
        userId: target.owner,
        portfolioId: target.portfolioId,
        instrumentId,
        section: isCash ? target.cashSection : target.section,
        theme: isCash ? target.cashTheme : target.theme,
        account: target.account,
        targetPct: null,
        include: true,
        notes: null,
      });
    }
    this.places.set(instrumentId, id);
    return ref;
  }

  private rate(entry: StatementEntry, currency: string, paid: Decimal | null): Rate | null {
    const { target, rateOn } = this.parts;
    if (currency === target.base) return SAME;
    if (paid !== null) return { fxRate: decimalText(paid), fxSource: 'statement', fxDate: null };
    const found = rateOn(currency, entry.date);
    if (found !== null) {
      return { fxRate: decimalText(found.rate), fxSource: found.source, fxDate: found.date };
    }
    const message = `There is no ${currency} to ${target.base} rate for ${entry.date.toString()}. Import exchange rates first.`;
    this.problems.push({ row: entry.row, field: 'fxRate', message });
    return null;
  }

  private cashHolding(currency: string): TradeValues['holding'] {
    const instrument = this.parts.cash.get(currency);
    if (instrument === undefined) throw new Error(`no cash in ${currency} was made ready`);
    return this.ref(instrument, true);
  }

  private leg(entry: StatementEntry, holding: TradeValues['holding'], key: string | null): TradeValues {
    return {
      ...BLANK_TRADE,
      ...ownCurrency(entry.currency),
      id: randomUUIDv7(),
      holding,
      type: entry.type,
      date: entry.date,
      notes: key === null ? null : (entry.notes ?? entry.reference),
      imported: { id: this.parts.importId, key },
    };
  }

  /** What happened to a security, and its cash. */
  private ofSecurity(entry: StatementEntry, instrumentId: string, key: string): void {
    const holding = this.ref(instrumentId, false);
    if (entry.type === 'split') {
      this.trades.push({
        ...this.leg(entry, holding, key),
        fxRate: null,
        fxSource: null,
        split: entry.split,
      });
      return;
    }
    const amounts = amountsOf(entry, this.parts.target.base);
    const rate = this.rate(entry, amounts.currency, amounts.paidRate);
    if (rate === null) return;
    const isTrade = entry.type === 'buy' || entry.type === 'sell';
    const hasGross = amounts.amount === null || amounts.amount.greaterThan(0);
    if ((isTrade && (amounts.price === null || amounts.price.isZero())) || !hasGross) {
      const message = 'The charges are more than the sum itself. Leave the row out and record it by hand.';
      this.problems.push({ row: entry.row, field: 'amount', message });
      return;
    }
    const primary: TradeValues = {
      ...this.leg(entry, holding, key),
      qty: isTrade && entry.qty !== null ? decimalText(entry.qty) : null,
      price: isTrade && amounts.price !== null ? decimalText(amounts.price) : null,
      amount: amounts.amount === null ? null : decimalText(amounts.amount),
      fees: decimalText(amounts.fees),
      taxes: decimalText(amounts.taxes),
      currency: amounts.currency,
      quoteUnit: amounts.quoteUnit,
      ...rate,
    };
    this.push(entry, primary, amounts, rate, entry.type === 'buy' ? 'sell' : 'buy');
  }

  private push(
    entry: StatementEntry,
    primary: TradeValues,
    amounts: EntryAmounts,
    rate: Rate,
    side: 'buy' | 'sell',
  ): void {
    const { target } = this.parts;
    const { cash, currency } = amounts;
    if (!target.settle || cash.amount.isZero()) {
      this.trades.push(primary);
      return;
    }
    const cashRate =
      cash.currency === currency ? rate : this.rate(entry, cash.currency, this.crossRate(cash, primary));
    if (cashRate === null) return;
    const eventId = randomUUIDv7();
    this.trades.push(
      { ...primary, eventId },
      {
        ...this.leg(entry, this.cashHolding(cash.currency), null),
        type: side,
        qty: decimalText(cash.amount),
        price: '1',
        currency: cash.currency,
        quoteUnit: cash.currency,
        ...cashRate,
        eventId,
        leg: 'settlement',
        overdraw: side === 'sell' && target.overdraw,
      },
    );
  }

  /** Cash in a third currency is worth what the trade is worth. */
  private crossRate(cash: EntryAmounts['cash'], primary: TradeValues): Decimal | null {
    if (cash.currency === this.parts.target.base || primary.qty === null || primary.price === null) {
      return null;
    }
    const worth = ONE.times(primary.amount ?? ONE.times(primary.qty).times(primary.price)).times(
      primary.fxRate ?? '1',
    );
    const rate = roundRate(roundAmount(worth).div(cash.amount));
    return rate.isZero() ? null : rate;
  }

  /** Money that came, went, or was earned and charged on it. */
  private ofMoney(entry: StatementEntry, key: string): void {
    const amounts = amountsOf(entry, this.parts.target.base);
    const { currency } = amounts.cash;
    const rate = this.rate(entry, currency, null);
    if (rate === null) return;
    const leg = {
      ...this.leg(entry, this.cashHolding(currency), key),
      currency,
      quoteUnit: currency,
      ...rate,
    };
    if (entry.type === 'deposit' || entry.type === 'withdrawal') {
      const overdraw = entry.type === 'withdrawal' && this.parts.target.overdraw;
      this.trades.push({
        ...leg,
        qty: decimalText(amounts.cash.amount),
        source: entry.type === 'deposit' ? 'own' : null,
        overdraw,
      });
      return;
    }
    const primary = { ...leg, amount: decimalText(amounts.amount ?? amounts.cash.amount) };
    this.push(entry, primary, { ...amounts, currency }, rate, entry.type === 'interest' ? 'buy' : 'sell');
  }

  take(entry: StatementEntry, key: string): void {
    const { instruments } = this.parts;
    if (
      entry.security === null ||
      entry.type === 'deposit' ||
      entry.type === 'withdrawal' ||
      entry.type === 'interest' ||
      entry.type === 'fee' ||
      entry.type === 'tax'
    ) {
      this.ofMoney(entry, key);
      return;
    }
    const instrumentId = instruments.get(securityKey(entry.security));
    if (instrumentId !== undefined) this.ofSecurity(entry, instrumentId, key);
  }
}

/** Plans every entry; those whose security is not known are the caller's to refuse. */
export const planStatement = (
  parts: PlanParts,
  entries: readonly (readonly [entry: StatementEntry, key: string])[],
): PlannedStatement => {
  const planner = new Planner(parts);
  for (const [entry, key] of entries) planner.take(entry, key);
  const { holdings, trades, problems } = planner;
  return { holdings, trades, problems };
};
