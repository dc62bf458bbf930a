/**
 * Finds the other holdings that an event reaches, from what a person said of them.
 *
 * Contents: cashFor · targetOf
 */
import type { Settlement, TransferTarget } from '@pm/contracts/ledger';
import { isQuoteUnit, quoteUnit } from '@pm/domain/money';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { AppError, unprocessable } from '#platform/errors.ts';

import { cashCurrency } from './event-place.ts';
import type { Draft } from './event-plan.ts';
import { addHolding, readHoldingRow } from './holdings.ts';
import * as queries from './queries.ts';
import type { HoldingRow } from './queries.ts';
import { lineOf } from './trade-input.ts';

const named = async (tx: Tx, id: string, field: string): Promise<HoldingRow> => {
  const row = await queries.getHolding(tx, id);
  if (!row) throw new AppError(404, 'not_found', 'There is no such holding.', { field });
  return row;
};

/** The currency that a draft is in, before it is checked. */
const currencyOf = (draft: Draft, holding: HoldingRow): string => {
  if ('currency' in draft && draft.currency !== undefined) return draft.currency;
  const unit = 'quoteUnit' in draft ? draft.quoteUnit : undefined;
  return unit !== undefined && isQuoteUnit(unit) ? quoteUnit(unit).currency : lineOf(holding).currency;
};

/**
 * The Cash holding that settles a trade: the one named; else the holding itself when it is cash; else that of the account,
 * in the trade's currency, else in the portfolio's.
 * @throws {AppError} 404; 422 `no_cash`
 */
export const cashFor = async (
  tx: Tx,
  holding: HoldingRow,
  settle: Static<typeof Settlement>,
  draft: Draft,
): Promise<string> => {
  if (settle.holdingId !== undefined) return (await named(tx, settle.holdingId, 'settle.holdingId')).id;
  if (cashCurrency(holding) !== null && draft.type !== 'buy' && draft.type !== 'sell') return holding.id;
  const place = { portfolioId: holding.portfolio_id, account: holding.account };
  const all = (await queries.holdingsIn(tx, place, 'cash')).filter((one) => one.id !== holding.id);
  const wanted = [currencyOf(draft, holding), holding.base_currency];
  for (const currency of wanted) {
    const found = all.find((one) => cashCurrency(one) === currency);
    if (found) return found.id;
  }
  const names = [...new Set(wanted)].join(' or ');
  const detail = `There is no Cash holding in ${names} in ${holding.account}. Add one, or name one as settle.holdingId.`;
  throw unprocessable('no_cash', detail, 'settle');
};

const existing = async (
  tx: Tx,
  holding: HoldingRow,
  to: Static<typeof TransferTarget>,
): Promise<HoldingRow | undefined> => {
  if (to.holdingId !== undefined) {
    const stray = (['portfolioId', 'account', 'section', 'theme'] as const).find(
      (field) => to[field] !== undefined,
    );
    if (stray !== undefined) {
      const detail = 'Name the receiving holding, or say where it is to be; not both.';
      throw unprocessable('not_applicable', detail, `to.${stray}`);
    }
    return named(tx, to.holdingId, 'to.holdingId');
  }
  const { instrument_id: instrumentId } = holding;
  if (instrumentId === null) return undefined;
  const place = {
    portfolioId: to.portfolioId ?? holding.portfolio_id,
    account: to.account ?? holding.account,
  };
  return (await queries.holdingsIn(tx, place, { instrumentId }))[0];
};

/**
 * The holding that receives a transfer: the one named, else that of the same instrument in the account, made there when
 * there is none.
 * @throws {AppError} 404; 422 naming a field of `to`
 */
export const targetOf = async (
  tx: Tx,
  holding: HoldingRow,
  to: Static<typeof TransferTarget>,
  today: Temporal.PlainDate,
): Promise<string> => {
  const { instrument_id: instrumentId } = holding;
  if (instrumentId === null) {
    throw unprocessable('unlinked', 'Link this holding to an instrument before transferring it.', 'to');
  }
  const found = await existing(tx, holding, to);
  if (found?.id === holding.id) {
    throw unprocessable('same_holding', 'A transfer goes to another account or portfolio.', 'to');
  }
  if (found && found.instrument_id !== instrumentId) {
    throw unprocessable(
      'other_instrument',
      'A transfer goes to a holding of the same instrument.',
      'to.holdingId',
    );
  }
  const target =
    found ??
    (await addHolding(
      tx,
      to.portfolioId ?? holding.portfolio_id,
      {
        instrumentId,
        section: to.section ?? holding.section,
        theme: to.theme ?? holding.theme,
        account: to.account ?? holding.account,
      },
      today,
    ));
  if (target.user_id !== holding.user_id) {
    const detail = 'A transfer stays with one owner. Record it as leaving here and arriving there.';
    throw unprocessable('other_owner', detail, 'to');
  }
  return (await readHoldingRow(tx, target.id)).id;
};
