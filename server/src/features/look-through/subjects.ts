/**
 * Whose exposure is asked for, as shares of one whole: an instrument, a holding, or a portfolio.
 *
 * Contents: Subject · Sight · inEachSight · describeIn · instrumentSubject · holdingSubject · portfolioSubject
 */
import type { Exposure as ExposureContract } from '@pm/contracts/look-through';
import type { Position } from '@pm/domain/look-through';
import { HUNDRED, ZERO } from '@pm/domain/money';
import type { Decimal } from '@pm/domain/money';
import type { Static } from 'typebox';

import { describeInstruments, readInstrument } from '#features/instruments';
import type { InstrumentFacts } from '#features/instruments';
import { heldIn, readHoldingRow } from '#features/ledger';
import type { HeldRow } from '#features/ledger';
import { currencyOfPortfolio, enterPortfolio } from '#features/portfolios';
import { valueHoldings } from '#features/valuation';
import type { Moment, ValuedRow } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';

import { readComposition } from './composition.ts';
import type { Composition } from './composition.ts';

type MissingHolding = Static<typeof ExposureContract>['missing'][number];

/** A holding that counts, with its value. */
export type CountedHolding = {
  readonly holdingId: string;
  readonly instrumentId: string;
  readonly account: string;
  readonly pct: number;
  /** Place of the sight that it is seen in. */
  readonly sight: number;
};

/** What is looked through. */
export type Subject = {
  readonly positions: readonly Position[];
  /** The holdings behind the positions; none for an instrument as such. */
  readonly holdings: readonly CountedHolding[];
  /** Holdings left out because their value is not known. */
  readonly missing: readonly MissingHolding[];
  /** As it is seen: all of it by one person, or parts of it by several. */
  readonly sights: readonly Sight[];
};

/** Positions with what counts below them on the day, in the eyes of one person. */
export type Sight = {
  /** The portfolio that is entered to see so; null where that is done already. */
  readonly enter: string | null;
  readonly positions: readonly Position[];
  readonly composition: Composition;
};

/** A subject that is seen by one person alone. */
const seenWhole = <S extends Omit<Subject, 'sights'>>(subject: S, composition: Composition): S & Subject => ({
  ...subject,
  sights: [{ enter: null, positions: subject.positions, composition }],
});

/** Runs once for each of a subject's sights, in the eyes that see so. */
export const inEachSight = async <T>(
  tx: Tx,
  { sights }: Subject,
  run: (sight: Sight) => Promise<T>,
): Promise<T[]> => {
  const found: T[] = [];
  for (const sight of sights) {
    if (sight.enter !== null) await enterPortfolio(tx, sight.enter);
    found.push(await run(sight));
  }
  return found;
};

/** Instruments at the bottom of a subject, by id, in whoever's eyes they are seen. */
export const describeIn = async (
  tx: Tx,
  subject: Subject,
  ids: readonly string[],
): Promise<ReadonlyMap<string, InstrumentFacts>> => {
  const found = await inEachSight(tx, subject, async () => describeInstruments(tx, ids));
  return new Map(found.toReversed().flatMap((one) => [...one]));
};

/** @throws {AppError} 404 */
export const instrumentSubject = async (tx: Tx, id: string, { day }: Moment): Promise<Subject> => {
  const [, composition] = await Promise.all([readInstrument(tx, id), readComposition(tx, [id], day)]);
  return seenWhole(
    { positions: [{ instrumentId: id, weightPct: 100 }], holdings: [], missing: [] },
    composition,
  );
};

/** What a holding holds, with what the portfolio's owner knows of it. @throws {AppError} 404 */
export const holdingSubject = async (tx: Tx, id: string, { day }: Moment): Promise<Subject> => {
  const row = await readHoldingRow(tx, id);
  const { instrument_id: instrumentId, account } = row;
  const ids = instrumentId === null ? [] : [instrumentId];
  const [, composition] = await Promise.all([
    enterPortfolio(tx, row.portfolio_id),
    readComposition(tx, ids, day),
  ]);
  if (instrumentId === null) {
    const name = row.unlinked_name ?? '';
    const detail = `“${name}” is not linked to an instrument yet.`;
    return seenWhole(
      { positions: [], holdings: [], missing: [{ holdingId: id, name, detail }] },
      composition,
    );
  }
  const holdings = [{ holdingId: id, instrumentId, account, pct: 100, sight: 0 }];
  return seenWhole({ positions: [{ instrumentId, weightPct: 100 }], holdings, missing: [] }, composition);
};

/** Holdings by their share of the portfolio's value; what has no value is named and left out. @throws {AppError} 404 */
export const portfolioSubject = async (tx: Tx, id: string, moment: Moment): Promise<ValuedSubject> => {
  const [baseCurrency, , rows] = await Promise.all([
    currencyOfPortfolio(tx, id),
    enterPortfolio(tx, id),
    heldIn(tx, id),
  ]);
  const ids = rows.flatMap((row) => (row.include ? (row.instrument_id ?? []) : []));
  const [valued, composition] = await Promise.all([
    valueHoldings(tx, rows, moment),
    readComposition(tx, [...new Set(ids)], moment.day),
  ]);
  return seenWhole(subjectOf(valued, baseCurrency), composition);
};

/** A subject with what it is worth, in the currency that its holdings were valued in. */
export type ValuedSubject = Subject & {
  readonly currency: string;
  readonly value: Decimal;
  /** By instrument. */
  readonly valueOf: ReadonlyMap<string, Decimal>;
};

/** Holdings that were valued in one currency, as shares of their sum. */
export const subjectOf = (
  all: readonly ValuedRow<HeldRow>[],
  currency: string,
): Omit<ValuedSubject, 'sights'> => {
  const rows = all.filter(({ row, position }) => row.include && !position.qty.isZero());
  const valued = rows.flatMap(({ row, valued: value }) =>
    'missing' in value ? [] : [{ row, value: value.value }],
  );
  const total = valued.reduce((sum, one) => sum.plus(one.value), ZERO);
  const holdings: CountedHolding[] = [];
  const valueOf = new Map<string, Decimal>();
  for (const { row, value } of valued) {
    const { id: holdingId, instrument_id: instrumentId, account } = row;
    if (instrumentId === null || total.isZero()) continue;
    valueOf.set(instrumentId, (valueOf.get(instrumentId) ?? ZERO).plus(value));
    holdings.push({
      holdingId,
      instrumentId,
      account,
      pct: value.times(HUNDRED).div(total).toNumber(),
      sight: 0,
    });
  }
  return {
    positions: holdings.map(({ instrumentId, pct }) => ({ instrumentId, weightPct: pct })),
    holdings,
    missing: rows.flatMap(missingOf),
    currency,
    value: total,
    valueOf,
  };
};

/** Why a holding has no value, where it has none. */
export const missingOf = (row: ValuedRow<HeldRow>): MissingHolding[] => {
  if (!('missing' in row.valued)) return [];
  const name = row.row.instrument_name ?? row.row.unlinked_name ?? '';
  const what = { price: 'no price', rate: 'no exchange rate', instrument: 'no instrument' }[
    row.valued.missing
  ];
  return [
    {
      holdingId: row.row.id,
      name,
      detail: `${name} has ${what}, so its share is not known and it is left out.`,
    },
  ];
};
