/**
 * Portfolios: made with their default lists and budgets, changed under a version.
 *
 * Contents: listPortfolios · allPortfolios · readPortfolio · readEditablePortfolio · lockedPortfolio · createPortfolio ·
 * copyShell · changePortfolio
 */
import { randomUUIDv7 } from 'node:crypto';

import type { Portfolio, PortfolioDraft, PortfolioPatch } from '@pm/contracts/portfolios';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { forbidden, invalidFields, notFound, preconditionFailed, unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE, pageOf, readCursor } from '#platform/paging.ts';

import {
  budgetsOfLists,
  checkDocuments,
  completeBudgets,
  completeLists,
  completeSettings,
  settledBudgets,
} from './documents.ts';
import type { Budgets, Lists, Settings } from './documents.ts';
import * as queries from './queries.ts';

type PortfolioAnswer = Static<typeof Portfolio>;

const answer = (row: queries.PortfolioRow): PortfolioAnswer => ({
  id: row.id,
  name: row.name,
  type: row.type as PortfolioAnswer['type'],
  parentId: row.parent_id,
  modelId: row.model_id,
  baseCurrency: row.base_currency,
  access: row.access,
  owner: row.owner_email === null ? null : { name: row.owner_name, email: row.owner_email },
  isDemo: row.is_demo,
  settings: { ...(row.settings as Settings), currency: row.base_currency },
  lists: row.lists as Lists,
  budgets: row.budgets as Budgets,
  holdingCount: row.holding_count,
  version: row.version,
  createdAt: row.created_at.toString(),
  updatedAt: row.updated_at.toString(),
});

export const listPortfolios = async (tx: Tx, query: { limit?: number; cursor?: string }) => {
  const limit = query.limit ?? DEFAULT_PAGE;
  const page = pageOf(await queries.listPortfolios(tx, { limit, after: readCursor(query.cursor) }), limit);
  return { items: page.items.map(answer), nextCursor: page.nextCursor };
};

/** More than anybody has; a household's summary is of all of them at once. */
const HOUSEHOLD_MAX = 1000;

/** Every portfolio that the person sees, in the order of making. */
export const allPortfolios = async (tx: Tx): Promise<PortfolioAnswer[]> =>
  (await queries.listPortfolios(tx, { limit: HOUSEHOLD_MAX, after: null })).map(answer);

/** @throws {AppError} 404 when there is none that the person may see */
export const readPortfolio = async (tx: Tx, id: string): Promise<PortfolioAnswer> => {
  const row = await queries.getPortfolio(tx, id);
  if (!row) throw notFound('portfolio');
  return answer(row);
};

/** A portfolio that the person may change. @throws {AppError} 404; 403 `read_only` for one shared for reading only */
export const readEditablePortfolio = async (tx: Tx, id: string): Promise<PortfolioAnswer> => {
  const portfolio = await readPortfolio(tx, id);
  if (portfolio.access === 'view') {
    throw forbidden('read_only', 'This portfolio is shared with you for reading only.');
  }
  return portfolio;
};

/**
 * A portfolio that the person may change, locked (see `lockPortfolio`) and read as it is from then on.
 * @throws {AppError} 404; 403 `read_only`
 */
export const lockedPortfolio = async (
  tx: Tx,
  id: string,
  how: 'kept' | 'change',
): Promise<PortfolioAnswer> => {
  const locked = await queries.lockPortfolio(tx, id, how);
  const portfolio = await readEditablePortfolio(tx, id);
  if (!locked) throw notFound('portfolio');
  return portfolio;
};

/** Makes a portfolio with its lists and budgets, in the transaction given. */
export const createPortfolio = async (
  tx: Tx,
  userId: string,
  draft: Static<typeof PortfolioDraft>,
  options: { currency?: string; isDemo?: boolean } = {},
): Promise<PortfolioAnswer> => {
  const settings = completeSettings(draft.settings, draft.settings?.currency ?? options.currency ?? 'GBP');
  const lists = completeLists(draft.lists);
  const given = completeBudgets(draft.budgets, lists);
  const name = draft.name.trim();
  if (name === '') throw invalidFields([{ field: 'name', message: 'must not be blank' }]);
  checkDocuments(settings, lists, given);
  const budgets = settledBudgets(given, { lists, settings });
  const id = randomUUIDv7();
  await queries.insertPortfolio(tx, {
    id,
    userId,
    name,
    type: draft.type ?? 'actual',
    baseCurrency: settings.currency,
    settings,
    lists,
    budgets,
    isDemo: options.isDemo ?? false,
  });
  await queries.insertAccounts(tx, { id, userId }, accountRows(lists));
  return readPortfolio(tx, id);
};

/**
 * A portfolio with the name, lists, budgets, settings and accounts of another one, and nothing in it yet. Its parent is
 * the other one where both are the same person's.
 */
export const copyShell = async (
  tx: Tx,
  userId: string,
  source: PortfolioAnswer,
  as: { readonly name: string; readonly type: PortfolioAnswer['type'] },
): Promise<string> => {
  const name = as.name.trim();
  if (name === '') throw invalidFields([{ field: 'name', message: 'must not be blank' }]);
  const id = randomUUIDv7();
  const { settings, lists, budgets, baseCurrency } = source;
  const own = source.access === 'owner';
  await queries.insertPortfolio(tx, {
    id,
    userId,
    name,
    type: as.type,
    baseCurrency,
    settings,
    lists,
    budgets,
    isDemo: source.isDemo,
    parentId: own ? source.id : null,
    modelId: own ? source.modelId : null,
  });
  await queries.copyAccounts(tx, source.id, { id, userId });
  return id;
};

/** @throws {AppError} 404 when there is no such model of the person's; 403 `not_owner`; 422 `not_a_model` */
const checkModel = async (tx: Tx, of: PortfolioAnswer, modelId: string): Promise<void> => {
  const model = await queries.getPortfolio(tx, modelId);
  if (model?.access !== 'owner') throw notFound('model');
  if (of.access !== 'owner') {
    throw forbidden('not_owner', 'Only the owner chooses the model of a portfolio.');
  }
  if (model.type !== 'model' || modelId === of.id) {
    throw unprocessable(
      'not_a_model',
      `“${model.name}” is not a model that this portfolio can follow.`,
      'modelId',
    );
  }
};

/** The wrappers that a name may say. */
const WRAPPERS = ['LISA', 'JISA', 'ISA', 'SIPP', 'GIA'];

/** An account named “Anna’s ISA” is an ISA until somebody says otherwise. */
export const accountRows = (lists: Lists) =>
  lists.accounts.map((name, position) => ({
    name,
    position,
    wrapper: WRAPPERS.find((wrapper) => new RegExp(`\\b${wrapper}\\b`, 'i').test(name)) ?? 'other',
  }));

/**
 * Changes a portfolio. What is not named stays; a list that is named is replaced.
 * @throws {AppError} 404; 412 when `ifMatch` is not the current version; 422 for a list that loses a name in use
 *   or for another currency while there are trades
 */
export const changePortfolio = async (
  tx: Tx,
  id: string,
  patch: Static<typeof PortfolioPatch>,
  ifMatch: number | undefined,
): Promise<PortfolioAnswer> => {
  const before = await lockedPortfolio(tx, id, 'change');
  if (ifMatch !== undefined && ifMatch !== before.version) throw preconditionFailed();
  const settings = { ...before.settings, ...patch.settings };
  const lists = { ...before.lists, ...patch.lists };
  const kept = patch.lists === undefined ? before.budgets : budgetsOfLists(before.budgets, lists);
  const given = { ...kept, ...patch.budgets };
  const name = patch.name?.trim() ?? before.name;
  if (name === '') throw invalidFields([{ field: 'name', message: 'must not be blank' }]);
  checkDocuments(settings, lists, given);
  const isResettled =
    patch.lists !== undefined || patch.budgets !== undefined || patch.settings !== undefined;
  const budgets = isResettled
    ? settledBudgets(given, { lists, settings, before: before.budgets })
    : before.budgets;
  await refuseLostNames(tx, id, lists);
  if (typeof patch.modelId === 'string') await checkModel(tx, before, patch.modelId);
  if (settings.currency !== before.baseCurrency && (await queries.tradesExist(tx, id))) {
    throw unprocessable(
      'currency_in_use',
      'The currency cannot change while the portfolio has trades: their costs are kept in it.',
      'settings.currency',
    );
  }
  const change = {
    name,
    baseCurrency: settings.currency,
    settings,
    lists,
    budgets,
    ...(patch.modelId !== undefined && { modelId: patch.modelId }),
  };
  if (!(await queries.updatePortfolio(tx, id, before.version, change))) throw preconditionFailed();
  const owner = await queries.enterPortfolio(tx, id);
  if (owner !== null) await queries.insertAccounts(tx, { id, userId: owner }, accountRows(lists));
  return readPortfolio(tx, id);
};

const refuseLostNames = async (tx: Tx, id: string, lists: Lists): Promise<void> => {
  const used = await queries.namesInUse(tx, id);
  for (const [kind, column] of [
    ['sections', 'section'],
    ['themes', 'theme'],
    ['accounts', 'account'],
  ] as const) {
    const lost = used.map((row) => row[column]).find((name) => !lists[kind].includes(name));
    if (lost !== undefined) {
      const detail = `“${lost}” is used by holdings; move them before taking it out of the ${kind}.`;
      throw unprocessable('name_in_use', detail, `lists.${kind}`);
    }
  }
};
