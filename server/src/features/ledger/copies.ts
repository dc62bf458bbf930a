/**
 * Copies of portfolios: a draft of one, and a draft that becomes real. Every holding that is copied begins its ledger
 * anew, with one opening trade that says quantity and cost exactly.
 *
 * Contents: draftOf · promote
 */
import type { Portfolio } from '@pm/contracts/portfolios';
import type { Static } from 'typebox';

import { copyShell, enterPortfolio, readPortfolio } from '#features/portfolios';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { copyHoldings } from './copy-queries.ts';

type PortfolioAnswer = Static<typeof Portfolio>;
type Copy = {
  readonly userId: string;
  readonly name: string | undefined;
  readonly today: Temporal.PlainDate;
};

const NAME_CHARACTERS_MAX = 255;
const DRAFT_SUFFIX = ' (draft)';

const copy = async (
  tx: Tx,
  source: PortfolioAnswer,
  { userId, today }: Copy,
  as: { readonly name: string; readonly type: PortfolioAnswer['type'] },
): Promise<PortfolioAnswer> => {
  await enterPortfolio(tx, source.id);
  const id = await copyShell(tx, userId, source, as);
  await copyHoldings(tx, source.id, { id, userId }, today);
  return readPortfolio(tx, id);
};

/**
 * A draft with the lists, budgets and holdings of a portfolio that the person may see. What is private to another
 * person is copied by its name, quantity and cost, and not linked.
 * @throws {AppError} 404; 400 for a blank name
 */
export const draftOf = async (tx: Tx, id: string, request: Copy): Promise<PortfolioAnswer> => {
  const source = await readPortfolio(tx, id);
  const usual = source.name.slice(0, NAME_CHARACTERS_MAX - DRAFT_SUFFIX.length) + DRAFT_SUFFIX;
  return copy(tx, source, request, { name: request.name ?? usual, type: 'draft' });
};

/**
 * Makes a draft or model real: a new actual portfolio whose parent it is. The draft stays.
 * @throws {AppError} 404; 400 for a blank name; 422 `not_a_draft`
 */
export const promote = async (tx: Tx, id: string, request: Copy): Promise<PortfolioAnswer> => {
  const source = await readPortfolio(tx, id);
  if (source.type === 'actual') {
    throw unprocessable(
      'not_a_draft',
      `“${source.name}” is real already; only drafts and models are promoted.`,
    );
  }
  return copy(tx, source, request, { name: request.name ?? source.name, type: 'actual' });
};
