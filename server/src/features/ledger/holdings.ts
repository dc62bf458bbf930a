/**
 * Holdings: added with an opening trade, and changed.
 *
 * Contents: readHoldingRow · addHolding · changeHolding
 */
import { randomUUIDv7 } from 'node:crypto';

import type { HoldingDraft, HoldingPatch } from '@pm/contracts/ledger';
import { decimalText, ZERO } from '@pm/domain/money';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import { enterPortfolio, lockedPortfolio, readEditablePortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { AppError, conflict, notFound, preconditionFailed, unprocessable } from '#platform/errors.ts';

import { changeBook, openBook } from './book.ts';
import type { Book } from './book.ts';
import { deleteTrade } from './events.ts';
import * as queries from './queries.ts';
import type { HoldingRow } from './queries.ts';
import { amountIn, checkDay } from './trade-input.ts';
import { BLANK_TRADE, ownCurrency, tradesOfHoldings } from './trade-queries.ts';
import type { TradeRow, TradeValues } from './trade-queries.ts';

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
    const opening = openingTrade(holding, {
      qty: decimalText(qty),
      price: decimalText(cost),
      date,
      dateAssumed: draft.date === undefined,
    });
    await changeBook(tx, await openBook(tx, id), { added: [opening], priceField: 'avgCost' });
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

/** An opening trade in the portfolio's own currency. */
const openingTrade = (holding: HoldingRow, opening: Opening): TradeValues => ({
  ...BLANK_TRADE,
  ...ownCurrency(holding.base_currency),
  ...opening,
  id: randomUUIDv7(),
  holding,
  type: 'opening',
});

/**
 * What a holding is of follows its trades; only one that came without an instrument can be given one, another one, or
 * none again.
 * @throws {AppError} 404 for the instrument; 409 `holding_exists`; 422 `instrument_fixed`
 */
const checkLink = async (
  tx: Tx,
  portfolio: { readonly id: string; readonly access: string },
  before: HoldingRow,
  patch: Static<typeof HoldingPatch>,
): Promise<void> => {
  const { instrumentId = before.instrument_id, account = before.account } = patch;
  const isLinked = instrumentId !== before.instrument_id;
  if (isLinked && before.unlinked_name === null) {
    const detail = `This holding is of ${before.instrument_name ?? 'its instrument'}, and so are its trades. Add another holding instead.`;
    throw unprocessable('instrument_fixed', detail, 'instrumentId');
  }
  if (isLinked && instrumentId !== null) await checkInstrument(tx, portfolio, instrumentId);
  if (isLinked || account !== before.account) {
    await refuseTwin(tx, before.portfolio_id, account, instrumentId, before.id);
  }
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
  const book = await openBook(tx, id);
  const before = book.primary;
  if (ifMatch !== undefined && ifMatch !== before.version) throw preconditionFailed();
  const portfolio = await readEditablePortfolio(tx, before.portfolio_id);
  checkNames(patch, portfolio.lists);
  const { qty, avgCost, ...plainFields } = patch;
  await checkLink(tx, portfolio, before, patch);
  if (Object.keys(plainFields).length > 0) await queries.updateHolding(tx, id, plainFields);
  if (qty !== undefined || avgCost !== undefined) await restateOpening(tx, book, { qty, avgCost }, today);
  return readHoldingRow(tx, id);
};

const restateOpening = async (
  tx: Tx,
  book: Book,
  given: { qty: string | undefined; avgCost: string | undefined },
  today: Temporal.PlainDate,
): Promise<void> => {
  const holding = book.primary;
  const [first, ...others] = await tradesOfHoldings(tx, [holding.id]);
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
    if (first) await deleteTrade(tx, first.id, undefined);
  } else if (first) {
    const changed = restated(holding, first, { qty, price, isRepriced: given.avgCost !== undefined });
    await changeBook(tx, book, { changed: [changed], priceField: 'avgCost' });
  } else {
    const added = [openingTrade(holding, { qty, price, date: today, dateAssumed: true })];
    await changeBook(tx, book, { added, priceField: 'avgCost' });
  }
};

/** The same opening trade with another quantity or cost. An average cost that is given has the fees in it already. */
const restated = (
  holding: HoldingRow,
  opening: TradeRow,
  given: { qty: string; price: string; isRepriced: boolean },
): TradeValues => {
  const { qty, price } = given;
  const { date, date_assumed: dateAssumed, notes } = opening;
  const same = {
    ...openingTrade(holding, { qty, price, date, dateAssumed }),
    id: opening.id,
    currency: opening.currency,
    fxRate: opening.fx_rate,
    fxSource: opening.fx_source,
    fxDate: opening.fx_date,
    notes,
  };
  return given.isRepriced
    ? { ...same, quoteUnit: opening.currency }
    : { ...same, quoteUnit: opening.quote_unit, fees: opening.fees, taxes: opening.taxes };
};
