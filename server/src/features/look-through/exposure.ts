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
  lookAllThrough,
} from '@pm/domain/look-through';
import type {
  Basis,
  Concentration,
  Crossed,
  Exposure,
  FundUsed,
  IssuerExposure,
  LookedThrough,
  LookThroughGraph,
  Seen,
} from '@pm/domain/look-through';
import type { Static } from 'typebox';

import type { InstrumentFacts } from '#features/instruments';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { badRequest } from '#platform/errors.ts';

import { loadClosures } from './closures.ts';
import { readComposition } from './composition.ts';
import { fundFreshness, staleWarnings } from './freshness.ts';
import { issuersOf } from './issuers.ts';
import { describeIn, inEachSight } from './subjects.ts';
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

/** The others are listed page by page under their own address. */
const DEFAULT_COMPANIES = 50;

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

/** Looks a subject through, as its funds were on the day. */
export const lookedThrough = async (
  tx: Tx,
  subject: Subject,
  { basis }: Pick<ExposureRequest, 'basis'>,
): Promise<{ readonly looked: LookedThrough; readonly graph: LookThroughGraph }> => {
  const [first, ...others] = await inEachSight(
    tx,
    subject,
    async ({ positions, composition }): Promise<Seen> => ({
      positions,
      closures: await loadClosures(tx, composition, basis),
    }),
  );
  if (first === undefined) throw new Error('Somebody always sees a subject.');
  const looked = lookAllThrough([first, ...others]);
  return { looked, graph: looked.closures.graph };
};

/** The same beside something that is to be compared with it. Of a subject that one person sees. */
export const lookedThroughBeside = async (
  tx: Tx,
  subject: Subject,
  { moment, basis }: Pick<ExposureRequest, 'moment' | 'basis'>,
  also: string,
): ReturnType<typeof lookedThrough> => {
  const ids = [...new Set([...subject.positions.map((one) => one.instrumentId), also])];
  const composition = await readComposition(tx, ids, moment.day);
  return lookedThrough(
    tx,
    { ...subject, sights: subject.sights.map((one) => ({ ...one, composition })) },
    { basis },
  );
};

/** A subject by every dimension, its companies, and what the figures rest on. */
export const exposureAnswer = async (tx: Tx, subject: Subject, request: ExposureRequest): Promise<Answer> => {
  const { looked } = await lookedThrough(tx, subject, request);
  const exposure = exposureIn(looked, request.companies);
  const issuerOf =
    request.issuers > 0 || request.by?.includes('issuer') === true
      ? await issuersOf(tx, subject, looked)
      : null;
  const funds = await fundAnswers(tx, exposure.funds, subject, request.moment.day);
  const isEmpty = subject.positions.length === 0;
  return {
    asOf: request.moment.day.toString(),
    basis: request.basis,
    ...(isEmpty ? NOTHING_HELD : mapsOf(exposure)),
    byCompany: exposure.byCompany.map(({ paths, ...company }) => ({
      ...company,
      paths: paths.map(({ via, pct }) => ({ via: [...via], pct })),
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
    byIssuer:
      issuerOf && request.issuers > 0
        ? await issuerAnswers(tx, subject, issuersIn(looked, issuerOf).slice(0, request.issuers))
        : null,
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

/** Funds with what is known of them; of those inside that nobody can look into it is asked for. */
const fundAnswers = async (
  tx: Tx,
  funds: readonly FundUsed[],
  subject: Subject,
  day: Temporal.PlainDate,
): Promise<Answer['funds']> => {
  const known = new Map<string, Pick<InstrumentFacts, 'ticker' | 'metadata'>>(
    subject.sights.flatMap(({ composition }) => composition.instruments.map((one) => [one.id, one] as const)),
  );
  const others = funds.filter((fund) => !known.has(fund.instrumentId)).map((fund) => fund.instrumentId);
  if (others.length > 0) {
    for (const [id, facts] of await describeIn(tx, subject, others)) known.set(id, facts);
  }
  return funds.map((fund) => {
    const facts = known.get(fund.instrumentId);
    return { ...fund, ticker: facts?.ticker ?? null, ...fundFreshness(fund, facts, day) };
  });
};

const issuerAnswers = async (
  tx: Tx,
  subject: Subject,
  issuers: readonly IssuerExposure[],
): Promise<NonNullable<Answer['byIssuer']>> => {
  const ids = issuers.flatMap((issuer) => issuer.companies.map((company) => company.instrumentId));
  const named = await describeIn(tx, subject, ids);
  return issuers.map((issuer) => ({
    ...issuer,
    companies: issuer.companies.map((one) => ({
      ...one,
      ticker: named.get(one.instrumentId)?.ticker ?? null,
    })),
  }));
};

const concentrationAnswer = ({ top, ...figures }: Concentration) => ({ ...figures, top: [...top] });

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
