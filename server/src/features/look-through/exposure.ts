/**
 * What something really is.
 *
 * Contents: ExposureRequest · exposureRequest · lookedThrough · exposureAnswer
 */
import type { Exposure as ExposureContract } from '@pm/contracts/look-through';
import {
  concentrationOf,
  CROSSED,
  crossOf,
  equityByIssuer,
  exposureIn,
  issuersIn,
  lookThrough,
} from '@pm/domain/look-through';
import type {
  Basis,
  Concentration,
  Crossed,
  Exposure,
  IssuerExposure,
  LookedThrough,
  LookThroughGraph,
} from '@pm/domain/look-through';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { badRequest } from '#platform/errors.ts';

import { loadClosures } from './closures.ts';
import { fundFreshness, staleWarnings } from './freshness.ts';
import { issuersOf } from './issuers.ts';
import type { Subject } from './subjects.ts';

type Answer = Static<typeof ExposureContract>;

/** What is asked for. */
export type ExposureRequest = {
  readonly moment: Moment;
  readonly basis: Basis;
  readonly companies: number;
  readonly issuers: number;
  readonly by: readonly [Crossed, Crossed] | null;
};

const DEFAULT_COMPANIES = 200;

/** The request as the query gives it. @throws {AppError} 400 naming `by` */
export const exposureRequest = (
  query: {
    readonly basis?: Basis;
    readonly companies?: number;
    readonly issuers?: number;
    readonly by?: string;
  },
  moment: Moment,
): ExposureRequest => ({
  moment,
  basis: query.basis ?? 'published',
  companies: query.companies ?? DEFAULT_COMPANIES,
  issuers: query.issuers ?? 0,
  by: query.by === undefined ? null : crossedOf(query.by),
});

const crossedOf = (text: string): readonly [Crossed, Crossed] => {
  const words = text.split(',').map((word) => word.trim());
  const [a, b, more] = words.map((word) => CROSSED.find((one) => one === word));
  if (a === undefined || b === undefined || a === b || more !== undefined || words.length !== 2) {
    throw badRequest(
      'invalid_list',
      `Name two different ones of ${CROSSED.join(', ')}, separated by a comma.`,
      'by',
    );
  }
  return [a, b];
};

/** Looks a subject through, as its funds were on the day; `also` is what else is to be compared with it. */
export const lookedThrough = async (
  tx: Tx,
  { positions }: Subject,
  { moment, basis }: Pick<ExposureRequest, 'moment' | 'basis'>,
  also: readonly string[] = [],
): Promise<{ readonly looked: LookedThrough; readonly graph: LookThroughGraph }> => {
  const ids = [...positions.map((one) => one.instrumentId), ...also];
  const closures = await loadClosures(tx, ids, moment.day, basis);
  const { graph } = closures;
  return { looked: lookThrough(positions, graph, basis, closures), graph };
};

/** A subject by every dimension, its companies, and what the figures rest on. */
export const exposureAnswer = async (tx: Tx, subject: Subject, request: ExposureRequest): Promise<Answer> => {
  const { looked, graph } = await lookedThrough(tx, subject, request);
  const exposure = exposureIn(looked, request.companies);
  const issuerOf =
    request.issuers > 0 || request.by?.includes('issuer') === true ? await issuersOf(tx, looked) : null;
  const issuers = issuerOf === null ? [] : issuersIn(looked, issuerOf).slice(0, request.issuers);
  const named = await describeInstruments(tx, [
    ...exposure.byCompany.map((company) => company.instrumentId),
    ...issuers.flatMap((issuer) => issuer.companies.map((company) => company.instrumentId)),
    ...exposure.funds.map((fund) => fund.instrumentId),
  ]);
  const tickerOf = (id: string): string | null => named.get(id)?.ticker ?? null;
  const nameOf = (id: string): string => graph.instruments.get(id)?.name ?? id;
  const funds = exposure.funds.map((fund) => ({
    ...fund,
    ticker: tickerOf(fund.instrumentId),
    ...fundFreshness(fund, named.get(fund.instrumentId), request.moment.day),
  }));
  const isEmpty = subject.positions.length === 0;
  return {
    asOf: request.moment.day.toString(),
    basis: request.basis,
    ...(isEmpty ? NOTHING_HELD : mapsOf(exposure)),
    byCompany: exposure.byCompany.map((company) => ({
      ...company,
      ticker: tickerOf(company.instrumentId),
      paths: company.paths.map(({ via, pct }) => ({ via: [...via], viaNames: via.map(nameOf), pct })),
    })),
    cross: request.by && {
      by: [...request.by],
      cells: isEmpty
        ? []
        : crossOf(looked, request.by, {
            companies: request.companies,
            ...(issuerOf !== null && { issuerOf }),
          }),
    },
    byIssuer: request.issuers > 0 ? issuers.map((issuer) => issuerAnswer(issuer, tickerOf)) : null,
    concentration: {
      companies: concentrationAnswer(exposure.concentration),
      issuers:
        issuerOf && concentrationAnswer(concentrationOf([...equityByIssuer(looked, issuerOf).values()])),
    },
    funds,
    companyCount: exposure.companyCount,
    warnings: [...exposure.warnings.map((warning) => warning.message), ...staleWarnings(funds)],
    missing: [...subject.missing],
  };
};

const concentrationAnswer = ({ top, ...figures }: Concentration) => ({ ...figures, top: [...top] });

const issuerAnswer = (issuer: IssuerExposure, tickerOf: (id: string) => string | null) => ({
  ...issuer,
  companies: issuer.companies.map((one) => ({ ...one, ticker: tickerOf(one.instrumentId) })),
});

const mapsOf = ({
  byRegion,
  bySector,
  byIndustry,
  byCountry,
  byCurrency,
  byAssetClass,
  coveragePct,
  unclassifiedPct,
}: Exposure) => ({
  byRegion: { ...byRegion },
  bySector: { ...bySector },
  byIndustry: { ...byIndustry },
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
  byIndustry: {},
  byCountry: {},
  byCurrency: {},
  byAssetClass: {},
  coveragePct: 0,
  unclassifiedPct: 0,
};
