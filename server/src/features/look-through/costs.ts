/**
 * What a portfolio cost, year by year: charges of its funds on what was in them, fees and taxes of the ledger, and what
 * changing money cost against the rates of the day.
 *
 * Contents: costsOf
 */
import type { Costs, CostYear, ExchangeCost, FundCharge } from '@pm/contracts/look-through';
import { daysBetween, dayIn, FIRST_LEDGER_DAY } from '@pm/domain/calendar';
import { moneyAt, netInTradeCurrency } from '@pm/domain/ledger';
import type { LedgerTrade } from '@pm/domain/ledger';
import { currency, dec, decimalText, HUNDRED, isCurrency, roundAmount, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import { chargeOver, exchangeMargin, ongoingCharge } from '@pm/domain/valuation/costs';
import type { ChargedInstrument, ChargeFound } from '@pm/domain/valuation/costs';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import { firstTradeDay, ledgerTrade, tradesSince } from '#features/ledger';
import type { TradeRow } from '#features/ledger';
import { findRatesOn } from '#features/market-data';
import { historyPortfolio, yearlyValues } from '#features/valuation';
import type { YearlyValues } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';

import { isChargingFund } from './charges.ts';
import { readComposition } from './composition.ts';

type Answer = Static<typeof Costs>;
type Year = Static<typeof CostYear>;
type Fund = Static<typeof FundCharge>;
type Exchange = Static<typeof ExchangeCost>;
type Asked = { readonly now: Temporal.Instant; readonly timezone: string };

/** More exchanges than this are not shown one by one; the sum counts all. */
const EXCHANGES_MAX = 100;

const FORMULAS = {
  fundCharges:
    'value of each evening × ongoing charge ÷ days of the year, added up; the charge as it is recorded at the instrument now',
  fees: 'fees and taxes as recorded in the ledger, at the rates of their trades',
  exchangeMargin:
    'where a rate was given by hand: (rate paid − rate published for the day) × amount, the other way round for a sale',
  pct: 'all of these ÷ the average value of the days that are covered; a part of a year is not scaled up',
};

const sum = (amounts: readonly Decimal[]): Decimal =>
  amounts.reduce((total, amount) => total.plus(amount), ZERO);
const text = (amount: Decimal): string => decimalText(roundAmount(amount));
const share = (part: Decimal, whole: Decimal): number | null =>
  whole.greaterThan(0) ? part.times(HUNDRED).div(whole).toDecimalPlaces(10).toNumber() : null;

/** The weights of funds inside funds, by the import that says them. */
const weightsInside = async (tx: Tx, importIds: readonly string[]) => {
  const { rows } = await sql<{ import_id: string; child: string; weight: string }>`
    select import_id, child_instrument_id as child, weight from pm.constituents
    where import_id = any (${importIds}::uuid[])
      and child_instrument_id in (select id from pm.instruments where type in ('ETF', 'Fund'))`.execute(tx);
  return Map.groupBy(rows, (row) => row.import_id);
};

type Charged = {
  readonly instruments: ReadonlyMap<string, ChargedInstrument>;
  /** The day of the constituents that a charge rests on. */
  readonly asOf: (id: string) => string | null;
};

/** What is known of the charges of some instruments and of the funds inside them. */
const chargedOf = async (tx: Tx, ids: readonly string[], today: Temporal.PlainDate): Promise<Charged> => {
  const composition = await readComposition(tx, ids, today);
  // A fund that stands in for another says what that one holds, not what it charges.
  const own = [...composition.funds.values()].filter((fund) => fund.treatedAs === null);
  const weights = await weightsInside(
    tx,
    own.map(({ importId }) => importId),
  );
  const byId = new Map(own.map((fund) => [fund.id, fund]));
  // Funds inside whose own contents nobody published are in no composition.
  const leaves = await describeInstruments(
    tx,
    [...weights.values()].flatMap((rows) => rows.map(({ child }) => child)),
  );
  const known = [...composition.instruments, ...leaves.values()];
  const instruments = new Map(
    known.map(({ id, type, metadata: { ocf } }): [string, ChargedInstrument] => {
      const fund = byId.get(id);
      const inside = fund === undefined ? null : (weights.get(fund.importId) ?? []);
      return [
        id,
        {
          isFund: isChargingFund(type),
          ocfPct: typeof ocf === 'number' ? dec(String(ocf)) : null,
          inside: inside?.map(({ child, weight }) => ({ id: child, weightPct: dec(weight) })) ?? null,
        },
      ];
    }),
  );
  return { instruments, asOf: (id) => byId.get(id)?.asOf ?? null };
};

/** The days of a year that are covered. */
type Covered = { readonly year: number; readonly from: Temporal.PlainDate; readonly to: Temporal.PlainDate };

const coveredYears = (first: Temporal.PlainDate, today: Temporal.PlainDate): Covered[] =>
  Array.from({ length: today.year - first.year + 1 }, (_, at) => {
    const year = first.year + at;
    const from = year === first.year ? first : Temporal.PlainDate.from({ year, month: 1, day: 1 });
    const to = year === today.year ? today : Temporal.PlainDate.from({ year, month: 12, day: 31 });
    return { year, from, to };
  });

type Found = ReadonlyMap<string, ChargeFound>;

const SOURCES = {
  none: '',
  own: 'ongoing charge recorded at the instrument',
  inside: 'ongoing charges of the funds inside, by their weights',
  unknown: 'nobody says what it charges',
} as const;

const fundsOf = (
  { year, from, to }: Covered,
  values: YearlyValues,
  found: Found,
  charged: Charged,
  today: Temporal.PlainDate,
): Fund[] => {
  const days = daysBetween(from, to) + 1;
  const { daysInYear } = Temporal.PlainDate.from({ year, month: 1, day: 1 });
  const byInstrument = Map.groupBy(values.holdings, (one) => one.instrument_id ?? '');
  const funds = [...byInstrument].flatMap(([id, holdings]): Fund[] => {
    const charge = found.get(id);
    const valueDays = sum(holdings.map((one) => values.byHolding.get(one.id)?.get(year)?.valueDays ?? ZERO));
    if (charge === undefined || charge.from === 'none' || valueDays.isZero()) return [];
    return [
      {
        instrumentId: id,
        name: holdings[0]?.name ?? '',
        averageValue: text(valueDays.div(days)),
        ocfPct: charge.from === 'unknown' ? null : charge.pct.toDecimalPlaces(10).toNumber(),
        knownPct: charge.knownPct.toDecimalPlaces(10).toNumber(),
        from: charge.from,
        charge: text(chargeOver(charge.pct, valueDays, daysInYear)),
        source: SOURCES[charge.from],
        asOf: (charge.from === 'inside' ? charged.asOf(id) : null) ?? today.toString(),
      },
    ];
  });
  return funds.toSorted(
    (a, b) =>
      Number(b.from === 'unknown') - Number(a.from === 'unknown') ||
      dec(b.charge).comparedTo(dec(a.charge)) ||
      (a.instrumentId < b.instrumentId ? -1 : 1),
  );
};

/** What was charged in the ledger, in the portfolio's currency. */
const feesOf = (trades: readonly LedgerTrade[]) => {
  const money = trades.map((trade) => ({ trade, at: moneyAt(trade, trade.fxRate) }));
  const of = (which: (trade: LedgerTrade) => boolean, read: (at: (typeof money)[number]['at']) => Decimal) =>
    sum(money.filter(({ trade }) => which(trade)).map(({ at }) => read(at)));
  const isDeal = ({ type }: LedgerTrade): boolean => type === 'buy' || type === 'sell';
  return {
    platformFees: of(
      ({ type }) => type === 'fee',
      (at) => at.total,
    ),
    dealingFees: of(
      ({ type }) => type !== 'fee',
      (at) => at.fees,
    ),
    dealingTaxes: of(isDeal, (at) => at.taxes),
  };
};

const CHANGES_MONEY: ReadonlySet<string> = new Set([
  'buy',
  'sell',
  'dividend',
  'interest',
  'fee',
  'tax',
  'deposit',
  'withdrawal',
]);

/** Trades for which money was changed at a rate that a person gave, and not out of cash in the same currency. */
const exchanged = (rows: readonly TradeRow[], base: string): TradeRow[] => {
  const settledIn = new Map(
    rows.flatMap((row) =>
      row.leg === 'settlement' && row.event_id !== null ? [[row.event_id, row.currency] as const] : [],
    ),
  );
  return rows.filter(
    (row) =>
      row.leg === 'primary' &&
      row.fx_source === 'given' &&
      row.currency !== base &&
      isCurrency(row.currency) &&
      CHANGES_MONEY.has(row.type) &&
      settledIn.get(row.event_id ?? '') !== row.currency,
  );
};

type Exchanges = {
  readonly items: readonly Exchange[];
  /** What has no published rate, and in which year. */
  readonly missing: ReadonlyArray<{ readonly year: number; readonly detail: string }>;
};

const exchangesOf = async (
  tx: Tx,
  rows: readonly TradeRow[],
  base: string,
  nameOf: (holdingId: string) => string,
): Promise<Exchanges> => {
  const changed = exchanged(rows, base);
  const days = [...new Map(changed.map(({ date }) => [date.toString(), date])).values()];
  const codes = [...new Set(changed.map((row) => row.currency))].filter(isCurrency);
  const found = await findRatesOn(
    tx,
    codes.map((from) => ({ from, to: currency(base) })),
    days,
  );
  const rates = new Map(days.map((day, at) => [day.toString(), found[at]]));
  const items: Exchange[] = [];
  const missing: Exchanges['missing'][number][] = [];
  for (const row of changed) {
    const rate = rates.get(row.date.toString())?.get(`${row.currency}/${base}`);
    if (rate === undefined || 'missing' in rate) {
      const detail = `There is no published rate from ${row.currency} to ${base} for ${row.date.toString()}.`;
      missing.push({ year: row.date.year, detail });
      continue;
    }
    const trade = ledgerTrade(row);
    const amount = netInTradeCurrency(trade);
    items.push({
      tradeId: trade.id,
      holdingId: trade.holdingId,
      name: nameOf(trade.holdingId),
      date: trade.date.toString(),
      type: trade.type,
      currency: trade.currency,
      amount: text(amount),
      paid: decimalText(trade.fxRate),
      published: decimalText(rate.rate),
      publishedOn: rate.date.toString(),
      source: rate.source,
      margin: text(exchangeMargin(trade.type, amount, trade.fxRate, rate.rate)),
    });
  }
  return { items, missing };
};

const yearOf = (text_: string): number => Number(text_.slice(0, 4));

const missingOf = (covered: Covered, values: YearlyValues, funds: readonly Fund[]): string[] => {
  const unpriced = values.holdings.flatMap((one) => {
    const days = values.byHolding.get(one.id)?.get(covered.year)?.missingDays ?? 0;
    return days === 0 ? [] : [`${one.name}: no value is known on ${days} days.`];
  });
  const unsaid = funds.flatMap((one) =>
    one.from === 'unknown'
      ? [`${one.name}: its ongoing charge is not known; enter it at the instrument.`]
      : one.knownPct < 100
        ? [`${one.name}: the charge of ${one.knownPct} % of it is known.`]
        : [],
  );
  return [...unsaid, ...unpriced];
};

const yearAnswer = (
  covered: Covered,
  values: YearlyValues,
  funds: readonly Fund[],
  trades: readonly LedgerTrade[],
  exchanges: Exchanges,
): Year => {
  const { year, from, to } = covered;
  const days = daysBetween(from, to) + 1;
  const valueDays = sum(
    values.holdings.map(({ id }) => values.byHolding.get(id)?.get(year)?.valueDays ?? ZERO),
  );
  const average = valueDays.div(days);
  const fees = feesOf(trades.filter(({ date }) => date.year === year));
  const own = exchanges.items.filter(({ date }) => yearOf(date) === year);
  const fundCharges = sum(funds.map(({ charge }) => dec(charge)));
  const margin = sum(own.map((one) => dec(one.margin)));
  const total = sum([fundCharges, fees.platformFees, fees.dealingFees, fees.dealingTaxes, margin]);
  return {
    year,
    from: from.toString(),
    to: to.toString(),
    averageValue: text(average),
    fundCharges: text(fundCharges),
    platformFees: text(fees.platformFees),
    dealingFees: text(fees.dealingFees),
    dealingTaxes: text(fees.dealingTaxes),
    exchangeMargin: text(margin),
    total: text(total),
    pct: share(total, average),
    funds: [...funds],
    exchanges: own
      .toSorted((a, b) => dec(b.margin).comparedTo(dec(a.margin)) || (a.tradeId < b.tradeId ? -1 : 1))
      .slice(0, EXCHANGES_MAX),
    missing: [
      ...missingOf(covered, values, funds),
      ...new Set(exchanges.missing.flatMap((one) => (one.year === year ? [one.detail] : []))),
    ],
  };
};

/** The charge of what is held now, by value. */
const nowOf = (values: YearlyValues, worth: ReadonlyMap<string, Decimal>, found: Found): Answer['now'] => {
  const held = values.holdings.flatMap((one) => {
    const value = worth.get(one.id) ?? ZERO;
    return value.greaterThan(0) ? [{ one, value, charge: found.get(one.instrument_id ?? '') }] : [];
  });
  const whole = sum(held.map(({ value }) => value));
  const part = (read: (charge: ChargeFound) => Decimal): Decimal =>
    sum(held.map(({ value, charge }) => (charge === undefined ? ZERO : read(charge).times(value))));
  const known = part((charge) => charge.knownPct);
  const unknown = held.filter(({ charge }) => charge?.from === 'unknown').map(({ one }) => one.name);
  return {
    ocfPct: known.isZero()
      ? null
      : part((charge) => charge.pct)
          .div(whole)
          .toDecimalPlaces(10)
          .toNumber(),
    knownPct: whole.isZero() ? 0 : known.div(whole).toDecimalPlaces(10).toNumber(),
    unknown: [...new Set(unknown)],
  };
};

/** @throws {AppError} 404 */
export const costsOf = async (tx: Tx, id: string, asked: Asked): Promise<Answer> => {
  const portfolio = await historyPortfolio(tx, id, asked.timezone);
  const today = dayIn(asked.now, asked.timezone);
  const first = await firstTradeDay(tx, id);
  const span = { from: today.subtract({ days: 1 }), to: today, until: asked.now };
  const values = await yearlyValues(tx, portfolio, span);
  const ids = [...new Set(values.holdings.flatMap((one) => (one.is_cash ? [] : (one.instrument_id ?? []))))];
  const charged = await chargedOf(tx, ids, today);
  const found = new Map(ids.map((one) => [one, ongoingCharge(one, charged.instruments)]));
  const counted = new Set(values.holdings.map((one) => one.id));
  const rows = (await tradesSince(tx, id, FIRST_LEDGER_DAY)).filter((row) => counted.has(row.holding_id));
  const names = new Map(values.holdings.map((one) => [one.id, one.name]));
  const exchanges = await exchangesOf(tx, rows, portfolio.currency, (holding) => names.get(holding) ?? '');
  const trades = rows.map(ledgerTrade);
  const years =
    first === null || Temporal.PlainDate.compare(first, today) > 0 ? [] : coveredYears(first, today);
  return {
    portfolioId: id,
    currency: portfolio.currency,
    to: today.toString(),
    now: nowOf(values, values.worth, found),
    years: years
      .map((covered) =>
        yearAnswer(covered, values, fundsOf(covered, values, found, charged, today), trades, exchanges),
      )
      .toReversed(),
    formulas: FORMULAS,
  };
};
