/**
 * What plans propose: shown with the price and the rate of its day, confirmed at those or at the real ones, or skipped.
 *
 * Contents: listProposals · confirmProposal · skipProposal · reopenProposal
 */
import type { Confirmation, Proposal, ProposalLine } from '@pm/contracts/ledger';
import { endOfDay } from '@pm/domain/calendar';
import { splitAmount } from '@pm/domain/ledger';
import { currency, currencyScale, dec, Decimal, decimalText } from '@pm/domain/money';
import { choosePrice } from '@pm/domain/valuation';
import type { PriceQuote } from '@pm/domain/valuation';
import type { Static } from 'typebox';

import { findRatesOn, pricesAt } from '#features/market-data';
import type { Rates } from '#features/market-data';
import { enterPortfolio, readEditablePortfolio, readPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { conflict, notFound, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import { plain } from './answers.ts';
import * as queries from './plan-queries.ts';
import type { ProposalRow } from './plan-queries.ts';
import { getHoldings } from './queries.ts';
import type { HoldingRow } from './queries.ts';
import { lineOf } from './trade-input.ts';
import { recordTrade } from './trades.ts';

/** Places of a proposed quantity: brokers that sell fractions sell no finer ones. */
const QTY_PLACES = 6;

/** Who looks at it, and when: prices of a day are those until its end in their time zone. */
export type Beholder = {
  readonly now: Temporal.Instant;
  readonly timezone: string;
  readonly today: Temporal.PlainDate;
};

type Line = Static<typeof ProposalLine>;
type Market = { readonly prices: ReadonlyMap<string, PriceQuote | null>; readonly rates: Rates };

const marketOn = async (
  tx: Tx,
  holdings: readonly HoldingRow[],
  days: readonly Temporal.PlainDate[],
  beholder: Beholder,
): Promise<ReadonlyMap<string, Market>> => {
  const ids = holdings.flatMap((row) => row.instrument_id ?? []);
  const moments = days.map((day) =>
    day.equals(beholder.today) ? { now: beholder.now } : { asOf: endOfDay(day, beholder.timezone) },
  );
  const found = await pricesAt(tx, ids, moments);
  const prices = moments.map((moment, at) => {
    const instant = 'now' in moment ? moment.now : moment.asOf;
    return new Map(
      [...(found[at] ?? [])].map(
        ([id, { live, manual }]) => [id, choosePrice(live, manual, instant)] as const,
      ),
    );
  });
  const bases = [...new Set(holdings.map((row) => row.base_currency))];
  const quoted = new Set(
    prices.flatMap((one) => [...one.values()].flatMap((price) => price?.currency ?? [])),
  );
  const pairs = [...quoted].flatMap((from) => bases.map((to) => ({ from, to: currency(to) })));
  const rates = await findRatesOn(tx, pairs, days);
  return new Map(
    days.map((day, at) => [
      day.toString(),
      { prices: prices[at] ?? new Map(), rates: rates[at] ?? new Map() },
    ]),
  );
};

const lineOn = (row: HoldingRow, amount: Decimal, market: Market | undefined): Line => {
  const price = (row.instrument_id === null ? null : market?.prices.get(row.instrument_id)) ?? null;
  const rate = price === null ? undefined : market?.rates.get(`${price.currency}/${row.base_currency}`);
  const fxRate = rate === undefined || 'missing' in rate ? null : rate.rate;
  const unit = price === null || fxRate === null ? null : price.close.times(fxRate);
  return {
    holdingId: row.id,
    name: row.instrument_name ?? row.unlinked_name ?? '',
    amount: decimalText(amount),
    price: price === null ? null : decimalText(price.quoted.close),
    quoteUnit: price === null ? lineOf(row).quoteUnit : price.quoted.unit,
    priceAt: price?.at.toString() ?? null,
    priceSource: price?.source ?? null,
    fxRate: fxRate === null ? null : decimalText(fxRate),
    qty:
      unit === null || unit.isZero()
        ? null
        : decimalText(amount.div(unit).toDecimalPlaces(QTY_PLACES, Decimal.ROUND_DOWN)),
  };
};

const linesOf = (
  row: ProposalRow,
  holdings: ReadonlyMap<string, HoldingRow>,
  market: Market | undefined,
): Line[] => {
  const parts = row.parts.map((part) =>
    part.amount === null ? { percent: dec(part.percent ?? '0') } : { amount: dec(part.amount) },
  );
  const amounts = splitAmount(dec(row.amount), parts, currencyScale(currency(row.base_currency)));
  return row.parts.flatMap((part, at) => {
    const holding = holdings.get(part.holding_id);
    const amount = amounts[at];
    return holding === undefined || amount === undefined ? [] : [lineOn(holding, amount, market)];
  });
};

/** Proposals as they are answered; those that wait with their lines. All are of one portfolio, entered before. */
const answers = async (
  tx: Tx,
  rows: readonly ProposalRow[],
  beholder: Beholder,
): Promise<Static<typeof Proposal>[]> => {
  const open = rows.filter((row) => row.status === 'open');
  const ids = [...new Set(open.flatMap((row) => row.parts.map((part) => part.holding_id)))];
  const holdings = ids.length === 0 ? [] : await getHoldings(tx, ids);
  const days = [...new Map(open.map((row) => [row.trade_on.toString(), row.trade_on])).values()];
  const markets = await marketOn(tx, holdings, days, beholder);
  const byId = new Map(holdings.map((holding) => [holding.id, holding]));
  return rows.map((row) => ({
    id: row.id,
    planId: row.plan_id,
    planName: row.plan_name,
    portfolioId: row.portfolio_id,
    dueOn: row.due_on.toString(),
    tradeOn: row.trade_on.toString(),
    status: row.status as Static<typeof Proposal>['status'],
    decidedAt: row.decided_at?.toString() ?? null,
    currency: row.base_currency,
    amount: plain(row.amount),
    settle: row.settle,
    tradeIds: [...row.trade_ids],
    lines: row.status === 'open' ? linesOf(row, byId, markets.get(row.trade_on.toString())) : [],
  }));
};

/** @throws {AppError} 404; 400 `bad_cursor` */
export const listProposals = async (
  tx: Tx,
  portfolioId: string,
  query: { limit?: number; cursor?: string; status?: string },
  beholder: Beholder,
) => {
  await readPortfolio(tx, portfolioId);
  await enterPortfolio(tx, portfolioId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const found = await queries.listProposals(tx, portfolioId, {
    limit,
    after: readCursor(query.cursor),
    status: query.status,
  });
  const page = pageOf(found, limit);
  return { items: await answers(tx, page.items, beholder), nextCursor: page.nextCursor };
};

const answerOf = async (tx: Tx, id: string, beholder: Beholder): Promise<Static<typeof Proposal>> => {
  const row = await queries.getProposal(tx, id);
  const [answer] = row === undefined ? [] : await answers(tx, [row], beholder);
  if (!answer) throw notFound('proposal');
  return answer;
};

/** A proposal that the person may decide, locked. @throws {AppError} 404; 403 `read_only`; 409 `already_decided` */
const lockedProposal = async (tx: Tx, id: string, status: 'open' | 'skipped'): Promise<void> => {
  const seen = await queries.getProposal(tx, id);
  if (!seen) throw notFound('proposal');
  await readEditablePortfolio(tx, seen.portfolio_id);
  await queries.lockProposal(tx, id);
  await enterPortfolio(tx, seen.portfolio_id);
  const row = await queries.getProposal(tx, id);
  if (row?.status === status) return;
  const detail =
    status === 'open'
      ? `This was ${row?.status ?? 'taken away'} in the meantime.`
      : 'Only what was skipped can wait again; delete the trades of what was confirmed.';
  throw conflict('already_decided', detail);
};

type Given = NonNullable<Static<typeof Confirmation>['lines']>[number];

/** What is recorded of one line; nothing where its quantity is zero. @throws {AppError} 422 naming the field */
const tradeOf = (line: Line, given: Given | undefined, at: number) => {
  const { price = line.price, qty = line.qty, quoteUnit = line.quoteUnit, fees, taxes, fxRate } = given ?? {};
  if (qty !== null && /^-?0*(?:\.0*)?$/u.test(qty)) return null;
  for (const [field, value] of Object.entries({ price, qty })) {
    if (value !== null) continue;
    const detail = `There is no price or rate for ${line.name} on that day; give its ${field}.`;
    throw unprocessable('price_missing', detail, `lines.${at}.${field}`);
  }
  return {
    price: price ?? '',
    qty: qty ?? '',
    quoteUnit,
    ...(fees !== undefined && { fees }),
    ...(taxes !== undefined && { taxes }),
    ...(fxRate !== undefined && { fxRate }),
  };
};

/**
 * Records the trades of a proposal, in one transaction.
 * @throws {AppError} 404; 403 `read_only`; 409 `already_decided`; 422 naming the field, as recording a trade does
 */
export const confirmProposal = async (
  tx: Tx,
  id: string,
  body: Static<typeof Confirmation>,
  beholder: Beholder,
): Promise<Static<typeof Proposal>> => {
  await lockedProposal(tx, id, 'open');
  const proposal = await answerOf(tx, id, beholder);
  const given = new Map(body.lines?.map((line) => [line.holdingId, line]));
  const known = new Set(proposal.lines.map((line) => line.holdingId));
  const stray = body.lines?.findIndex((line) => !known.has(line.holdingId)) ?? -1;
  if (stray >= 0) {
    throw unprocessable('not_in_plan', 'This holding is not one of the plan’s.', `lines.${stray}.holdingId`);
  }
  const tradeIds: string[] = [];
  // In the order in which everybody locks holdings.
  const lines = proposal.lines
    .map((line, at) => ({ line, at }))
    .toSorted((a, b) => (a.line.holdingId < b.line.holdingId ? -1 : 1));
  for (const { line, at } of lines) {
    const trade = tradeOf(line, given.get(line.holdingId), at);
    if (trade === null) continue;
    const recorded = await recordTrade(
      tx,
      line.holdingId,
      {
        type: 'buy',
        date: body.date ?? proposal.tradeOn,
        ...trade,
        notes: proposal.planName,
        ...((body.settle ?? proposal.settle) && { settle: {} }),
      },
      beholder.today,
    );
    tradeIds.push(recorded.id);
  }
  if (tradeIds.length === 0) {
    throw unprocessable('nothing_bought', 'Nothing would be bought; skip it instead.', 'lines');
  }
  await queries.decideProposal(tx, id, 'confirmed', tradeIds);
  return answerOf(tx, id, beholder);
};

/** @throws {AppError} 404; 403 `read_only`; 409 `already_decided` */
export const skipProposal = async (tx: Tx, id: string, beholder: Beholder) => {
  await lockedProposal(tx, id, 'open');
  await queries.decideProposal(tx, id, 'skipped');
  return answerOf(tx, id, beholder);
};

/** @throws {AppError} 404; 403 `read_only`; 409 `already_decided` */
export const reopenProposal = async (tx: Tx, id: string, beholder: Beholder) => {
  await lockedProposal(tx, id, 'skipped');
  await queries.decideProposal(tx, id, 'open');
  return answerOf(tx, id, beholder);
};
