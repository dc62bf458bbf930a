/**
 * How much funds hold in common.
 *
 * Contents: portfolioOverlap · comparableFunds · overlapOfList
 */
import type { Overlap as OverlapContract } from '@pm/contracts/look-through';
import { overlapMatrix } from '@pm/domain/look-through';
import type { OverlapInstrument } from '@pm/domain/look-through';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import { listHoldings } from '#features/ledger';
import type { HoldingRow } from '#features/ledger';
import { enterPortfolio, readPortfolio } from '#features/portfolios';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { badRequest, notFound } from '#platform/errors.ts';

import { loadClosures } from './closures.ts';
import { noConstituents } from './compared.ts';
import { readComposition } from './composition.ts';
import { FUND_TYPES } from './graph-rows.ts';

type Answer = Static<typeof OverlapContract>;

/** The most instruments compared at once: fifty make 1,225 pairs. */
export const MAX_INSTRUMENTS = 50;
/** Shared companies named for each pair where nothing else is asked for, and in all: others have a list of their own. */
const SHARED_NAMES = 25;
const SHARED_NAMES_IN_ALL = 1_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The funds of a portfolio that can be looked through; those that cannot are named. @throws {AppError} 404
 * @param names shared companies named for each pair
 */
export const portfolioOverlap = async (
  tx: Tx,
  portfolioId: string,
  moment: Moment,
  names?: number,
): Promise<Answer> => {
  const [, , held] = await Promise.all([
    readPortfolio(tx, portfolioId),
    enterPortfolio(tx, portfolioId),
    listHoldings(tx, portfolioId),
  ]);
  const ids = comparableFunds(held).map((one) => one.instrumentId);
  return compare(
    tx,
    ids.slice(0, MAX_INSTRUMENTS),
    moment,
    ids.length > MAX_INSTRUMENTS ? [tooMany(ids.length)] : [],
    'funds only',
    names,
  );
};

/** Holdings that may be funds, each instrument once, with what they are called by in a matrix. */
export const comparableFunds = (held: readonly HoldingRow[]): OverlapInstrument[] => {
  const funds = held.flatMap(({ include, instrument_id: instrumentId, instrument_type: type, ...row }) =>
    include && instrumentId !== null && FUND_TYPES.has(type ?? '')
      ? [{ instrumentId, ticker: row.ticker, mic: row.mic, isin: row.isin }]
      : [],
  );
  return [...new Map(funds.map((one) => [one.instrumentId, one])).values()];
};

const tooMany = (count: number): string => `Of ${count} funds the first ${MAX_INSTRUMENTS} are compared.`;

/** @param list ids separated by commas @throws {AppError} 400 naming `instruments`; 404 for one that is not there */
export const overlapOfList = async (
  tx: Tx,
  list: string,
  moment: Moment,
  names?: number,
): Promise<Answer> => {
  const ids = [
    ...new Set(
      list
        .split(',')
        .map((id) => id.trim().toLowerCase())
        .filter((id) => id !== ''),
    ),
  ];
  const wrong = ids.find((id) => !UUID.test(id));
  if (wrong !== undefined) {
    throw badRequest('invalid_id', `“${wrong.slice(0, 40)}” is not the id of an instrument.`, 'instruments');
  }
  if (ids.length === 0 || ids.length > MAX_INSTRUMENTS) {
    throw badRequest(
      'invalid_list',
      `Name 1 to ${MAX_INSTRUMENTS} instruments, separated by commas.`,
      'instruments',
    );
  }
  return compare(tx, ids, moment, [], 'all', names);
};

const namesByDefault = (instruments: number): number =>
  Math.min(
    SHARED_NAMES,
    Math.floor(SHARED_NAMES_IN_ALL / Math.max(1, (instruments * (instruments - 1)) / 2)),
  );

const compare = async (
  tx: Tx,
  ids: readonly string[],
  moment: Moment,
  before: readonly string[],
  which: 'all' | 'funds only',
  names: number | undefined,
): Promise<Answer> => {
  const [known, composition] = await Promise.all([
    describeInstruments(tx, [...ids]),
    readComposition(tx, ids, moment.day),
  ]);
  if (ids.some((id) => !known.has(id))) throw notFound('instrument');
  const closures = await loadClosures(tx, composition, 'published');
  const opaque = ids.filter((id) => closures.of(id) === null);
  const compared = which === 'all' ? ids : ids.filter((id) => closures.of(id) !== null);
  const asked = compared.map((id) => {
    const one = known.get(id);
    return {
      instrumentId: id,
      ticker: one?.ticker ?? null,
      mic: one?.exchange ?? null,
      isin: one?.isin ?? null,
    };
  });
  const { instruments, matrix, shared } = overlapMatrix(asked, closures.graph, {
    names: names ?? namesByDefault(asked.length),
    closures,
  });
  const nameOf = (id: string): string => known.get(id)?.name ?? id;
  return {
    asOf: moment.day.toString(),
    instruments: instruments.map((one) => ({ ...one, name: nameOf(one.id) })),
    matrix: Object.fromEntries(Object.entries(matrix).map(([key, row]) => [key, { ...row }])),
    shared: shared.map((pair) => ({ ...pair, companies: [...pair.companies] })),
    warnings: [
      ...before,
      ...opaque
        .filter((id) => which === 'funds only' || FUNDS.has(known.get(id)?.type ?? ''))
        .map((id) => noConstituents(nameOf(id), moment.day)),
    ],
  };
};

const FUNDS = new Set(['ETF', 'Fund']);
