/**
 * A portfolio as it was recorded at a past moment, from the versions that its rows had then.
 *
 * Contents: portfolioAt
 */
import type { RecordedPortfolio } from '@pm/contracts/privacy';
import { dec, decimalText } from '@pm/domain/money';
import type { Static } from 'typebox';

import { enterPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { notFound, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import * as queries from './history-queries.ts';

type Answer = Static<typeof RecordedPortfolio>;
/** Nothing was recorded before; the database cannot say much earlier moments at all. */
const BEFORE_ANY = Temporal.Instant.from('1900-01-01T00:00:00Z');

const momentOf = (text: string): Temporal.Instant => {
  try {
    return Temporal.Instant.from(text);
  } catch {
    throw unprocessable(
      'invalid_time',
      'at is not a moment with its zone, such as 2026-02-23T12:00:00Z.',
      'at',
    );
  }
};

/** What is recorded by a moment still to come is what is recorded now. */
const notAfter = (moment: Temporal.Instant, now: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(moment, now) > 0 ? now : moment;

const notRecorded = (first: Temporal.Instant) =>
  unprocessable(
    'not_recorded',
    `Nothing was recorded of this portfolio then; it begins at ${first.toString()}.`,
    'at',
  );

const holdingAnswer = (row: queries.RecordedHoldingRow): Answer['holdings'][number] => {
  const [qty, cost] = [dec(row.qty), dec(row.cost_basis)];
  return {
    id: row.id,
    instrumentId: row.instrument_id,
    name: row.instrument_name ?? row.unlinked_name ?? '',
    ticker: row.ticker,
    section: row.section,
    theme: row.theme,
    account: row.account,
    qty: decimalText(qty),
    avgCost: qty.isZero() || cost.isZero() ? null : decimalText(cost.div(qty).toDecimalPlaces(18)),
    costBasis: decimalText(cost),
    targetPct: row.target_pct === null ? null : dec(row.target_pct).toNumber(),
    include: row.include,
    notes: row.notes,
    tradeCount: row.trade_count,
  };
};

/**
 * The portfolio at a moment, and a page of its holdings. A moment still to come is today.
 * @throws {AppError} 404; 422 `not_recorded` for a moment before the portfolio, or while it was deleted; `invalid_time`
 */
export const portfolioAt = async (
  tx: Tx,
  id: string,
  query: { readonly at?: string; readonly limit?: number; readonly cursor?: string },
  now: Temporal.Instant,
): Promise<Answer> => {
  const limit = query.limit ?? DEFAULT_PAGE;
  const after = readCursor(query.cursor);
  const asked = query.at === undefined ? now : notAfter(momentOf(query.at), now);
  const first = await queries.firstRecorded(tx, id);
  if (first === null) throw notFound('portfolio');
  if (Temporal.Instant.compare(asked, BEFORE_ANY) < 0) throw notRecorded(first);
  await enterPortfolio(tx, id);
  const row = await queries.portfolioAt(tx, id, asked);
  if (!row) throw notRecorded(first);
  const page = pageOf(await queries.holdingsAt(tx, id, asked, { limit, after }), limit);
  return {
    at: asked.toString(),
    id,
    name: row.name ?? '',
    type: row.type as Answer['type'],
    baseCurrency: row.base_currency ?? '',
    lists: row.lists as Answer['lists'],
    budgets: row.budgets as Answer['budgets'],
    version: row.version ?? 1,
    validFrom: (row.valid_from ?? first).toString(),
    validTo: row.valid_to?.toString() ?? null,
    firstRecorded: first.toString(),
    holdings: page.items.map(holdingAnswer),
    nextCursor: page.nextCursor,
  };
};
