/**
 * Holdings: added with an opening trade, changed, deleted with their trades.
 *
 * Contents: readHoldingRow · addHolding · changeHolding · lockedHolding · deleteHolding
 */
import { randomUUIDv7 } from 'node:crypto';

import type { HoldingDraft, HoldingPatch } from '@pm/contracts/ledger';
import { replay } from '@pm/domain/ledger';
import { decimalProblem, decimalText, ZERO } from '@pm/domain/money';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import { enterPortfolio, lockedPortfolio, lockPortfolio, readEditablePortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { AppError, conflict, notFound, preconditionFailed, unprocessable } from '#platform/errors.ts';

import { ledgerTrade } from './answers.ts';
import * as queries from './queries.ts';
import type { HoldingRow } from './queries.ts';
import { amountIn, checkDay } from './trade-input.ts';

/** The names a holding is filed under; each must be in the portfolio's lists. */
const FILED_UNDER = [
  ['section', 'sections'],
  ['theme', 'themes'],
  ['account', 'accounts'],
] as const;

type Lists = {
  readonly sections: readonly string[];
  readonly themes: readonly string[];
  readonly accounts: readonly string[];
};

const checkNames = (names: { section?: string; theme?: string; account?: string }, lists: Lists): void => {
  for (const [field, list] of FILED_UNDER) {
    const name = names[field];
    if (name === undefined || lists[list].includes(name)) continue;
    const known = lists[list].map((one) => `“${one}”`).join(', ');
    throw unprocessable(
      'unknown_name',
      `“${name}” is not one of the portfolio’s ${list}: ${known}. Add it there first.`,
      field,
    );
  }
};

/** A holding that the person may see. @throws {AppError} 404 */
export const readHoldingRow = async (tx: Tx, id: string): Promise<HoldingRow> => {
  const row = await queries.getHolding(tx, id);
  if (!row) throw notFound('holding');
  return row;
};

/**
 * Adds a holding; a quantity becomes its opening trade. Without a day the opening counts as held before any other
 * trade of the holding.
 * @throws {AppError} 404 for the portfolio or instrument; 409 `holding_exists`; 422 naming the field
 */
export const addHolding = async (
  tx: Tx,
  portfolioId: string,
  draft: Static<typeof HoldingDraft>,
  today: Temporal.PlainDate,
): Promise<HoldingRow> => {
  // One at a time: two of the same instrument in one account would be one too many.
  const portfolio = await lockedPortfolio(tx, portfolioId, 'change');
  checkNames(draft, portfolio.lists);
  const owner = (await enterPortfolio(tx, portfolioId)) ?? '';
  await checkInstrument(tx, portfolio, draft.instrumentId);
  const qty = draft.qty === undefined ? ZERO : amountIn('qty', draft.qty, 'not negative');
  const cost = draft.avgCost === undefined ? ZERO : amountIn('avgCost', draft.avgCost, 'not negative');
  const date = draft.date === undefined ? today : checkDay('date', draft.date, today);
  const id = randomUUIDv7();
  await refuseTwin(tx, portfolioId, draft.account, draft.instrumentId, id);
  await queries.insertHolding(tx, {
    id,
    userId: owner,
    portfolioId,
    instrumentId: draft.instrumentId,
    section: draft.section,
    theme: draft.theme,
    account: draft.account,
    targetPct: draft.targetPct ?? null,
    include: draft.include ?? true,
    notes: draft.notes ?? null,
  });
  const holding = await readHoldingRow(tx, id);
  if (!qty.isZero()) {
    await open(tx, holding, {
      qty: decimalText(qty),
      price: decimalText(cost),
      date,
      dateAssumed: draft.date === undefined,
    });
  }
  return readHoldingRow(tx, id);
};

/**
 * The instrument is one that the portfolio's owner may hold. A guest may add what everybody sees and what the portfolio
 * holds already: not all that is private to the owner is the guest's to look at.
 */
const checkInstrument = async (
  tx: Tx,
  portfolio: { readonly id: string; readonly access: string },
  instrumentId: string,
): Promise<void> => {
  const instrument = (await describeInstruments(tx, [instrumentId])).get(instrumentId);
  const isOpen =
    instrument !== undefined &&
    (instrument.scope === 'shared' ||
      portfolio.access === 'owner' ||
      (await queries.isHeld(tx, portfolio.id, instrumentId)));
  if (isOpen) return;
  throw new AppError(404, 'not_found', 'There is no such instrument; search for it or create it first.', {
    field: 'instrumentId',
  });
};

const refuseTwin = async (
  tx: Tx,
  portfolioId: string,
  account: string,
  instrumentId: string | null,
  self: string,
): Promise<void> => {
  if (instrumentId !== null && (await queries.hasTwin(tx, { portfolioId, account, instrumentId, self }))) {
    const detail = `This portfolio already holds that instrument in ${account}; record a trade there instead.`;
    throw conflict('holding_exists', detail, 'instrumentId');
  }
};

type Opening = {
  readonly qty: string;
  readonly price: string;
  readonly date: Temporal.PlainDate;
  readonly dateAssumed: boolean;
};

/** Writes the opening trade of a holding without trades and moves its projection. */
const open = async (tx: Tx, holding: HoldingRow, opening: Opening): Promise<void> => {
  const row = await queries.insertTrade(tx, holding, {
    ...opening,
    id: randomUUIDv7(),
    type: 'opening',
    fees: '0',
    currency: holding.base_currency,
    quoteUnit: holding.base_currency,
    fxRate: '1',
    fxSource: 'identity',
    fxDate: null,
    notes: null,
  });
  await project(tx, holding.id, row);
};

/** Moves the projection to an opening trade that is the only one. @throws {AppError} 422 `too_large` */
const project = async (tx: Tx, holdingId: string, opening: queries.TradeRow): Promise<void> => {
  const replayed = replay([ledgerTrade(opening)]);
  if ('oversold' in replayed) throw new Error('an opening position cannot be oversold');
  const [qty, cost] = [decimalText(replayed.position.qty), decimalText(replayed.position.cost)];
  const problem = decimalProblem(cost);
  if (problem !== null) throw unprocessable('too_large', `The holding’s cost ${problem}.`, 'avgCost');
  await queries.moveProjection(tx, holdingId, { qty, cost });
};

/**
 * Changes a holding. Quantity and average cost belong to the opening trade and can be changed only while it is the
 * only one.
 * @throws {AppError} 404; 409; 412; 422 naming the field
 */
export const changeHolding = async (
  tx: Tx,
  id: string,
  patch: Static<typeof HoldingPatch>,
  ifMatch: number | undefined,
  today: Temporal.PlainDate,
): Promise<HoldingRow> => {
  const before = await lockedHolding(tx, id, ifMatch);
  const portfolio = await readEditablePortfolio(tx, before.portfolio_id);
  checkNames(patch, portfolio.lists);
  const { qty, avgCost, ...plainFields } = patch;
  if (patch.account !== undefined && patch.account !== before.account) {
    await refuseTwin(tx, before.portfolio_id, patch.account, before.instrument_id, id);
  }
  if (Object.keys(plainFields).length > 0) await queries.updateHolding(tx, id, plainFields);
  if (qty !== undefined || avgCost !== undefined) await restateOpening(tx, before, { qty, avgCost }, today);
  return readHoldingRow(tx, id);
};

/**
 * Locks a holding that the person may change, and reads it with its owner's eyes. The portfolio is kept as it is until
 * the transaction ends, and locked first, as everybody does.
 * @throws {AppError} 404; 412; 422 `read_only`
 */
export const lockedHolding = async (tx: Tx, id: string, ifMatch?: number): Promise<HoldingRow> => {
  const portfolioId = await queries.portfolioOf(tx, id);
  if (portfolioId === undefined) throw notFound('holding');
  if (!(await lockPortfolio(tx, portfolioId, 'kept')) || !(await queries.lockHolding(tx, id))) {
    await readEditablePortfolio(tx, portfolioId);
    throw notFound('holding');
  }
  await enterPortfolio(tx, portfolioId);
  const row = await readHoldingRow(tx, id);
  if (ifMatch !== undefined && ifMatch !== row.version) throw preconditionFailed();
  return row;
};

const restateOpening = async (
  tx: Tx,
  holding: HoldingRow,
  given: { qty: string | undefined; avgCost: string | undefined },
  today: Temporal.PlainDate,
): Promise<void> => {
  const trades = await queries.tradesOf(tx, holding.id);
  const [first, ...others] = trades;
  if (others.length > 0 || (first && first.type !== 'opening')) {
    const field = given.qty === undefined ? 'avgCost' : 'qty';
    throw unprocessable(
      'has_trades',
      'Quantity and cost follow from this holding’s trades; correct those instead.',
      field,
    );
  }
  const qty =
    given.qty === undefined ? (first?.qty ?? '0') : decimalText(amountIn('qty', given.qty, 'not negative'));
  const price =
    given.avgCost === undefined
      ? (first?.price ?? '0')
      : decimalText(amountIn('avgCost', given.avgCost, 'not negative'));
  if (amountIn('qty', qty, 'not negative').isZero()) {
    if (first) await queries.markTradeDeleted(tx, first.id, randomUUIDv7());
    await queries.moveProjection(tx, holding.id, { qty: '0', cost: '0' });
  } else if (first) {
    await project(
      tx,
      holding.id,
      await restated(tx, first, { qty, price, isRepriced: given.avgCost !== undefined }),
    );
  } else {
    await open(tx, holding, { qty, price, date: today, dateAssumed: true });
  }
};

/** The same opening trade with another quantity or cost. An average cost that is given has the fees in it already. */
const restated = (
  tx: Tx,
  opening: queries.TradeRow,
  given: { qty: string; price: string; isRepriced: boolean },
): Promise<queries.TradeRow> =>
  queries.updateTrade(tx, opening.id, {
    date: opening.date,
    dateAssumed: opening.date_assumed,
    qty: given.qty,
    price: given.price,
    fees: given.isRepriced ? '0' : opening.fees,
    quoteUnit: given.isRepriced ? opening.currency : (opening.quote_unit ?? opening.currency),
    fxRate: opening.fx_rate ?? '1',
    fxSource: opening.fx_source ?? 'identity',
    fxDate: opening.fx_date,
    notes: opening.notes,
  });

/** Deletes a holding with its trades. @throws {AppError} 404; 412; 422 `read_only` */
export const deleteHolding = async (tx: Tx, id: string, ifMatch: number | undefined): Promise<void> => {
  const holding = await lockedHolding(tx, id, ifMatch);
  await readEditablePortfolio(tx, holding.portfolio_id);
  await queries.markHoldingDeleted(tx, id, randomUUIDv7());
};
