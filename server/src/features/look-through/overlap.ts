/**
 * How much funds hold in common.
 *
 * Contents: portfolioOverlap · householdOverlap · comparableFunds · overlapOfList
 */
import type { Overlap as OverlapContract } from '@pm/contracts/look-through';
import { overlapMatrix } from '@pm/domain/look-through';
import type { Closures, OverlapInstrument } from '@pm/domain/look-through';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import { holdingsOf, listHoldings } from '#features/ledger';
import type { HoldingRow } from '#features/ledger';
import { allPortfolios, currencyOfPortfolio, enterPortfolio } from '#features/portfolios';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { badRequest, notFound } from '#platform/errors.ts';

import { loadClosures } from './closures.ts';
import { noConstituents, notComparable } from './compared.ts';
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
    currencyOfPortfolio(tx, portfolioId),
    enterPortfolio(tx, portfolioId),
    listHoldings(tx, portfolioId),
  ]);
  return overlapOfHeld(tx, held, moment, names);
};

/**
 * The funds of all portfolios that count, each once, as the person sees them: of portfolios that are shared with them,
 * what only its owner sees is not compared.
 */
export const householdOverlap = async (tx: Tx, moment: Moment, names?: number): Promise<Answer> => {
  const counted = (await allPortfolios(tx)).filter((one) => one.type === 'actual');
  const held = await holdingsOf(
    tx,
    counted.map((one) => one.id),
  );
  return overlapOfHeld(tx, held, moment, names);
};

const overlapOfHeld = async (
  tx: Tx,
  held: readonly HoldingRow[],
  moment: Moment,
  names: number | undefined,
): Promise<Answer> => {
  const funds = comparableFunds(held);
  const asked = funds.slice(0, MAX_INSTRUMENTS);
  const closures = await closuresOf(tx, asked, moment);
  const [compared, opaque] = [
    asked.filter((one) => closures.of(one.instrumentId) !== null),
    asked.filter((one) => closures.of(one.instrumentId) === null),
  ];
  const tooMany = `Of ${funds.length} funds the first ${MAX_INSTRUMENTS} are compared.`;
  return {
    ...answerOf(compared, closures, moment, names),
    warnings: [
      ...(funds.length > MAX_INSTRUMENTS ? [tooMany] : []),
      ...opaque.map((one) => noConstituents(one.name, moment.day)),
    ],
  };
};

/** An instrument that may be compared. */
type Comparable = OverlapInstrument & { readonly name: string; readonly type: string };

/** Holdings that may be funds, each instrument once, with what they are called by in a matrix. */
export const comparableFunds = (held: readonly HoldingRow[]): Comparable[] => {
  const funds = held.flatMap(({ include, instrument_id: instrumentId, instrument_type: type, ...row }) =>
    include && instrumentId !== null && type !== null && FUND_TYPES.has(type)
      ? [
          {
            instrumentId,
            type,
            name: row.instrument_name ?? instrumentId,
            ticker: row.ticker,
            mic: row.mic,
            isin: row.isin,
          },
        ]
      : [],
  );
  return [...new Map(funds.map((one) => [one.instrumentId, one])).values()];
};

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
  const [known, composition] = await Promise.all([
    describeInstruments(tx, ids),
    readComposition(tx, ids, moment.day),
  ]);
  const closures = await loadClosures(tx, composition, 'published');
  const compared = ids.map((id): Comparable => {
    const one = known.get(id);
    if (one === undefined) throw notFound('instrument');
    const { name, type, ticker, exchange: mic, isin } = one;
    return { instrumentId: id, name, type, ticker, mic, isin };
  });
  return {
    ...answerOf(compared, closures, moment, names),
    warnings: notComparable(
      compared.map((one) => ({ ...one, id: one.instrumentId })),
      closures,
      moment.day,
    ),
  };
};

const closuresOf = async (tx: Tx, instruments: readonly Comparable[], { day }: Moment): Promise<Closures> => {
  const ids = instruments.map((one) => one.instrumentId);
  return loadClosures(tx, await readComposition(tx, ids, day), 'published');
};

const namesByDefault = (instruments: number): number =>
  Math.min(
    SHARED_NAMES,
    Math.floor(SHARED_NAMES_IN_ALL / Math.max(1, (instruments * (instruments - 1)) / 2)),
  );

const answerOf = (
  compared: readonly Comparable[],
  closures: Closures,
  moment: Moment,
  names: number | undefined,
): Omit<Answer, 'warnings'> => {
  const { instruments, matrix, shared } = overlapMatrix(compared, closures.graph, {
    names: names ?? namesByDefault(compared.length),
    closures,
  });
  const nameOf = new Map(compared.map((one) => [one.instrumentId, one.name]));
  return {
    asOf: moment.day.toString(),
    instruments: instruments.map((one) => ({ ...one, name: nameOf.get(one.id) ?? one.id })),
    matrix: Object.fromEntries(Object.entries(matrix).map(([key, row]) => [key, { ...row }])),
    shared: shared.map((pair) => ({ ...pair, companies: [...pair.companies] })),
  };
};
