/**
 * What an instrument, a holding or a portfolio really is.
 *
 * Contents: instrumentExposure · holdingExposure · portfolioExposure
 */
import type { Exposure as ExposureContract } from '@pm/contracts/look-through';
import { exposureOf } from '@pm/domain/look-through';
import type { Basis, Exposure, Position } from '@pm/domain/look-through';
import { HUNDRED, ZERO } from '@pm/domain/money';
import type { Static } from 'typebox';

import { describeInstruments, readInstrument } from '#features/instruments';
import { readHoldingRow } from '#features/ledger';
import { enterPortfolio, readPortfolio } from '#features/portfolios';
import { valuePortfolio } from '#features/valuation';
import type { Moment, ValuedRow } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';

import { loadGraph } from './graph.ts';

type Answer = Static<typeof ExposureContract>;
type MissingHolding = Answer['missing'][number];

/** What is asked for. */
export type ExposureRequest = { readonly moment: Moment; readonly basis: Basis; readonly companies: number };

const DEFAULT_COMPANIES = 200;

/** The request as the query gives it. */
export const exposureRequest = (
  query: { readonly basis?: Basis; readonly companies?: number },
  moment: Moment,
): ExposureRequest => ({
  moment,
  basis: query.basis ?? 'published',
  companies: query.companies ?? DEFAULT_COMPANIES,
});

/** @throws {AppError} 404 */
export const instrumentExposure = async (tx: Tx, id: string, request: ExposureRequest): Promise<Answer> => {
  await readInstrument(tx, id);
  return answer(tx, [{ instrumentId: id, weightPct: 100 }], request, []);
};

/** The same for what a holding holds, with what the portfolio's owner knows of it. @throws {AppError} 404 */
export const holdingExposure = async (tx: Tx, id: string, request: ExposureRequest): Promise<Answer> => {
  const holding = await readHoldingRow(tx, id);
  await enterPortfolio(tx, holding.portfolio_id);
  if (holding.instrument_id === null) {
    const name = holding.unlinked_name ?? '';
    return answer(tx, [], request, [
      { holdingId: id, name, detail: `“${name}” is not linked to an instrument yet.` },
    ]);
  }
  return answer(tx, [{ instrumentId: holding.instrument_id, weightPct: 100 }], request, []);
};

/** Holdings by their share of the portfolio's value; what has no value is named and left out. @throws {AppError} 404 */
export const portfolioExposure = async (tx: Tx, id: string, request: ExposureRequest): Promise<Answer> => {
  await readPortfolio(tx, id);
  await enterPortfolio(tx, id);
  const rows = (await valuePortfolio(tx, id, request.moment)).filter(
    (row) => row.row.include && !row.position.qty.isZero(),
  );
  return answer(tx, positionsOf(rows), request, rows.flatMap(missingOf));
};

const positionsOf = (rows: readonly ValuedRow[]): Position[] => {
  const valued = rows.flatMap((row) =>
    'missing' in row.valued ? [] : [{ id: row.row.instrument_id, value: row.valued.value }],
  );
  const total = valued.reduce((sum, one) => sum.plus(one.value), ZERO);
  if (total.isZero()) return [];
  return valued.flatMap(({ id, value }) =>
    id === null ? [] : [{ instrumentId: id, weightPct: value.times(HUNDRED).div(total).toNumber() }],
  );
};

const missingOf = (row: ValuedRow): MissingHolding[] => {
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

const answer = async (
  tx: Tx,
  positions: readonly Position[],
  request: ExposureRequest,
  missing: readonly MissingHolding[],
): Promise<Answer> => {
  const graph = await loadGraph(
    tx,
    positions.map((one) => one.instrumentId),
    request.moment.day,
  );
  const exposure = exposureOf(positions, graph, request.basis, { companies: request.companies });
  const named = await describeInstruments(tx, [
    ...exposure.byCompany.map((company) => company.instrumentId),
    ...exposure.funds.map((fund) => fund.instrumentId),
  ]);
  const tickerOf = (id: string): string | null => named.get(id)?.ticker ?? null;
  const nameOf = (id: string): string => graph.instruments.get(id)?.name ?? id;
  return {
    asOf: request.moment.day.toString(),
    basis: request.basis,
    ...(positions.length === 0 ? NOTHING_HELD : mapsOf(exposure)),
    byCompany: exposure.byCompany.map((company) => ({
      ...company,
      ticker: tickerOf(company.instrumentId),
      paths: company.paths.map((path) => ({
        via: [...path.via],
        viaNames: path.via.map(nameOf),
        pct: path.pct,
      })),
    })),
    funds: exposure.funds.map((fund) => ({ ...fund, ticker: tickerOf(fund.instrumentId) })),
    companyCount: exposure.companyCount,
    warnings: exposure.warnings.map((warning) => warning.message),
    missing: [...missing],
  };
};

const mapsOf = ({
  byRegion,
  bySector,
  byCountry,
  byCurrency,
  byAssetClass,
  coveragePct,
  unclassifiedPct,
}: Exposure) => ({
  byRegion: { ...byRegion },
  bySector: { ...bySector },
  byCountry: { ...byCountry },
  byCurrency: { ...byCurrency },
  byAssetClass: { ...byAssetClass },
  coveragePct,
  unclassifiedPct,
});

/** Where nothing is held there is nothing to be unclassified either. */
const NOTHING_HELD = {
  byRegion: {},
  bySector: {},
  byCountry: {},
  byCurrency: {},
  byAssetClass: {},
  coveragePct: 0,
  unclassifiedPct: 0,
};
