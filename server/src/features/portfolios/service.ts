/**
 * Portfolios: made with their default lists and budgets, changed under a version.
 *
 * Contents: listPortfolios · allPortfolios · readPortfolio · currencyOfPortfolio · readEditablePortfolio · lockedPortfolio ·
 * createPortfolio · startPortfolio · copyShell · changePortfolio
 */
import { randomUUIDv7 } from 'node:crypto';

import type { Portfolio, PortfolioDraft, PortfolioPatch } from '@pm/contracts/portfolios';
import { currency, currencyScale, dec, decimalText, isCurrency } from '@pm/domain/money';
import type { Currency, Decimal } from '@pm/domain/money';
import type { Static } from 'typebox';

import { readMe } from '#features/identity';
import { findRate } from '#features/market-data';
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
  modelHidden: row.model_hidden,
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

/** The currency that a portfolio is kept in. @throws {AppError} 404 */
export const currencyOfPortfolio = async (tx: Tx, id: string): Promise<string> => {
  const found = await queries.baseCurrencyOf(tx, id);
  if (found === undefined) throw notFound('portfolio');
  return found;
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

/** Makes a portfolio; where it names no currency, in that of the person's preferences. */
export const startPortfolio = async (
  tx: Tx,
  userId: string,
  draft: Static<typeof PortfolioDraft>,
): Promise<PortfolioAnswer> => {
  const preferred = draft.settings?.currency ?? (await readMe(tx, userId)).preferences.currency;
  return createPortfolio(tx, userId, draft, preferred === undefined ? {} : { currency: preferred });
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

/** Restates what the ledger keeps of a portfolio in another currency, before the portfolio is changed. */
export type Restate = (
  tx: Tx,
  portfolio: { readonly id: string; readonly baseCurrency: string },
  to: Currency,
) => Promise<void>;

/** An amount that a person chose, in another currency: at the rate of the day, in units that can be paid. */
const converted = (amount: string, rate: Decimal, to: Currency): string =>
  decimalText(dec(amount).times(rate).toDecimalPlaces(currencyScale(to)));

/**
 * Amounts that a person chose (the totals aimed for, budgets that are amounts alone) at the rate of the day. Those of
 * budgets that are shares follow anyway.
 * @throws {AppError} 422 `rate_missing` where there is such an amount and no rate
 */
const inCurrency = async (
  tx: Tx,
  before: PortfolioAnswer,
  to: Currency,
  { patch, today }: { readonly patch: Static<typeof PortfolioPatch>; readonly today: Temporal.PlainDate },
): Promise<Pick<PortfolioAnswer, 'settings' | 'budgets'>> => {
  const { settings, budgets } = before;
  const totals = (['lockedTotal', 'targetPortfolioValue'] as const).filter(
    (field) => settings[field] !== null && patch.settings?.[field] === undefined,
  );
  const isAmount = (one: { percent?: number; amount?: string }): boolean =>
    one.percent === undefined && one.amount !== undefined;
  const all = [
    ...Object.values(budgets.sections),
    ...Object.values(budgets.themes),
    ...Object.values(budgets.accounts),
  ];
  if (totals.length === 0 && !all.some(isAmount)) return before;
  const from = currency(before.baseCurrency);
  const found = await findRate(tx, from, to, today);
  if ('missing' in found) {
    const detail = `There is no ${from} to ${to} rate for ${today.toString()} to convert the total or the budgets with. Import rates, or give the amounts in ${to}.`;
    throw unprocessable('rate_missing', detail, 'settings.currency');
  }
  const { rate } = found;
  const moved = <T extends { percent?: number; amount?: string }>(
    some: Record<string, T>,
  ): Record<string, T> =>
    Object.fromEntries(
      Object.entries(some).map(([name, one]) => [
        name,
        isAmount(one) ? { ...one, amount: converted(one.amount ?? '0', rate, to) } : one,
      ]),
    );
  return {
    settings: {
      ...settings,
      ...Object.fromEntries(totals.map((field) => [field, converted(settings[field] ?? '0', rate, to)])),
    },
    budgets: {
      sections: moved(budgets.sections),
      themes: moved(budgets.themes),
      accounts: moved(budgets.accounts),
    },
  };
};

/**
 * Changes a portfolio. What is not named stays; a list that is named is replaced.
 * @throws {AppError} 404; 412 when `ifMatch` is not the current version; 422 for a list that loses a name in use
 *   or for rates that another currency needs and that are missing
 */
export const changePortfolio = async (
  tx: Tx,
  id: string,
  patch: Static<typeof PortfolioPatch>,
  context: {
    readonly ifMatch: number | undefined;
    readonly today: Temporal.PlainDate;
    readonly restate: Restate;
  },
): Promise<PortfolioAnswer> => {
  const { ifMatch, today, restate } = context;
  const before = await lockedPortfolio(tx, id, 'change');
  if (ifMatch !== undefined && ifMatch !== before.version) throw preconditionFailed();
  const to = patch.settings?.currency ?? before.baseCurrency;
  const { settings: was, budgets: had } =
    to === before.baseCurrency || !isCurrency(to)
      ? before
      : await inCurrency(tx, before, to, { patch, today });
  const settings = { ...was, ...patch.settings };
  const lists = { ...before.lists, ...patch.lists };
  const kept = patch.lists === undefined ? had : budgetsOfLists(had, lists);
  const given = { ...kept, ...patch.budgets };
  const name = patch.name?.trim() ?? before.name;
  if (name === '') throw invalidFields([{ field: 'name', message: 'must not be blank' }]);
  checkDocuments(settings, lists, given);
  const isResettled =
    patch.lists !== undefined || patch.budgets !== undefined || patch.settings !== undefined;
  const budgets = isResettled ? settledBudgets(given, { lists, settings, before: had }) : before.budgets;
  await refuseLostNames(tx, id, lists);
  if (typeof patch.modelId === 'string') await checkModel(tx, before, patch.modelId);
  if (settings.currency !== before.baseCurrency) await restate(tx, before, currency(settings.currency));
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
