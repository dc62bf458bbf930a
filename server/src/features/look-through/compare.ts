/**
 * Two portfolios side by side.
 *
 * Contents: comparePortfolios
 */
import { MAX_COMPARED } from '@pm/contracts/look-through';
import type { ComparedSide, Comparison } from '@pm/contracts/look-through';
import { companiesIn, exposureIn } from '@pm/domain/look-through';
import type { Exposure, Weights } from '@pm/domain/look-through';
import { currency, dec, decimalText, HUNDRED, roundAmount } from '@pm/domain/money';
import type { Currency, Decimal } from '@pm/domain/money';
import { commonPct, compareWeights, distanceFromTargets, movedPct } from '@pm/domain/portfolios';
import type { Compared, WeightsByKey } from '@pm/domain/portfolios';
import type { Static } from 'typebox';

import { describeInstruments } from '#features/instruments';
import { findRatesOn, rateAnswer } from '#features/market-data';
import { enterPortfolio, readPortfolio } from '#features/portfolios';
import { valuePortfolio } from '#features/valuation';
import type { Moment, ValuedRow } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';

import { chargeOf } from './charges.ts';
import { readComposition } from './composition.ts';
import { lookedThrough } from './exposure.ts';
import { subjectOf } from './subjects.ts';

type PortfolioAnswer = Awaited<ReturnType<typeof readPortfolio>>;
type Kind = 'sections' | 'themes' | 'accounts';
const KINDS: readonly Kind[] = ['sections', 'themes', 'accounts'];

/** What is known of one side before it is compared. */
type Side = {
  readonly portfolio: PortfolioAnswer;
  readonly value: Decimal;
  readonly weightsFrom: 'value' | 'targets';
  readonly weights: WeightsByKey;
  readonly lists: Readonly<Record<Kind, WeightsByKey>>;
  readonly targets: Readonly<Record<Kind, WeightsByKey>>;
  readonly companies: WeightsByKey;
  readonly exposure: Exposure;
  readonly names: ReadonlyMap<string, { readonly name: string; readonly ticker: string | null }>;
  readonly charge: ReturnType<typeof chargeOf>;
  readonly holdingCount: number;
  readonly missing: Static<typeof ComparedSide>['missing'];
};

type Share = { readonly row: ValuedRow['row']; readonly pct: number };

const addUp = (shares: readonly Share[], key: (row: ValuedRow['row']) => string | null): WeightsByKey => {
  const sums = new Map<string, number>();
  for (const { row, pct } of shares) {
    const name = key(row);
    if (name !== null) sums.set(name, (sums.get(name) ?? 0) + pct);
  }
  return sums;
};

const targetsOf = ({ budgets }: PortfolioAnswer, kind: Kind): WeightsByKey =>
  new Map(
    Object.entries(budgets[kind]).flatMap(([name, { percent }]) =>
      percent === undefined ? [] : [[name, percent] as const],
    ),
  );

/** A model that gives shares of the whole is taken at its word; everything else by what it is worth. */
const sharesOf = (
  portfolio: PortfolioAnswer,
  rows: readonly ValuedRow[],
  pctByHolding: ReadonlyMap<string, number>,
): { readonly weightsFrom: Side['weightsFrom']; readonly shares: readonly Share[] } => {
  const aimed = rows.flatMap(({ row }) =>
    row.include && row.target_pct !== null ? [{ row, pct: dec(row.target_pct).toNumber() }] : [],
  );
  if (portfolio.type === 'model' && aimed.some(({ pct }) => pct > 0)) {
    return { weightsFrom: 'targets', shares: aimed };
  }
  const shares = rows.flatMap(({ row }) => {
    const pct = pctByHolding.get(row.id);
    return pct === undefined ? [] : [{ row, pct }];
  });
  return { weightsFrom: 'value', shares };
};

/** One side, read with its owner's eyes. */
const readSide = async (tx: Tx, portfolio: PortfolioAnswer, moment: Moment): Promise<Side> => {
  await enterPortfolio(tx, portfolio.id);
  const rows = await valuePortfolio(tx, portfolio.id, moment);
  const subject = subjectOf(rows, portfolio.baseCurrency);
  const byHolding = new Map(subject.holdings.map(({ holdingId, pct }) => [holdingId, pct]));
  const { weightsFrom, shares } = sharesOf(portfolio, rows, byHolding);
  const weights = addUp(shares, (row) => row.instrument_id);
  const positions = [...weights].map(([instrumentId, weightPct]) => ({ instrumentId, weightPct }));
  const composition = await readComposition(tx, [...weights.keys()], moment.day);
  const compared = { ...subject, positions, sights: [{ enter: null, positions, composition }] };
  const { looked } = await lookedThrough(tx, compared, { basis: 'published' });
  const { companies } = companiesIn(looked);
  const described = await describeInstruments(tx, [...weights.keys()]);
  return {
    portfolio,
    value: subject.value,
    weightsFrom,
    weights,
    lists: {
      sections: addUp(shares, (row) => row.section),
      themes: addUp(shares, (row) => row.theme),
      accounts: addUp(shares, (row) => row.account),
    },
    targets: {
      sections: targetsOf(portfolio, 'sections'),
      themes: targetsOf(portfolio, 'themes'),
      accounts: targetsOf(portfolio, 'accounts'),
    },
    companies: new Map(companies.map(({ instrumentId, pct }) => [instrumentId, pct])),
    exposure: exposureIn(looked, 0),
    names: new Map<string, { name: string; ticker: string | null }>([
      ...companies.map(({ instrumentId, name }) => [instrumentId, { name, ticker: null }] as const),
      ...described,
    ]),
    charge: chargeOf(weights, described),
    holdingCount: shares.length,
    missing: weightsFrom === 'targets' ? [] : [...subject.missing],
  };
};

/** What one unit of the right side's currency is in the left's. */
const rateBetween = async (tx: Tx, from: Currency, to: Currency, day: Temporal.PlainDate) => {
  const [rates] = await findRatesOn(tx, [{ from, to }], [day]);
  const rate = rates?.get(`${from}/${to}`);
  return rate === undefined || 'missing' in rate ? null : rate;
};

const sideAnswer = (side: Side, rate: Decimal | null): Static<typeof ComparedSide> => {
  const { portfolio, charge, value, exposure } = side;
  const converted = rate === null ? null : roundAmount(value.times(rate));
  return {
    portfolioId: portfolio.id,
    name: portfolio.name,
    type: portfolio.type,
    baseCurrency: portfolio.baseCurrency,
    ownValue: decimalText(value),
    value: converted === null ? null : decimalText(converted),
    holdingCount: side.holdingCount,
    weightsFrom: side.weightsFrom,
    ocfPct: charge === null ? null : charge.pct.toNumber(),
    ocfKnownPct: charge === null ? 0 : charge.knownPct,
    yearlyCost:
      charge === null || converted === null
        ? null
        : decimalText(roundAmount(converted.times(charge.pct).div(HUNDRED))),
    driftPct: distanceFromTargets(side.lists.sections, side.targets.sections),
    coveragePct: side.weights.size === 0 ? 0 : exposure.coveragePct,
    warnings: exposure.warnings.map((warning) => warning.message),
    missing: side.missing,
  };
};

const pcts = ({ left, right, difference }: Compared) => ({ left, right, differencePct: difference });

const namesOf = (left: Weights, right: Weights) =>
  compareWeights(new Map(Object.entries(left)), new Map(Object.entries(right)))
    .filter((row) => row.left !== 0 || row.right !== 0)
    .slice(0, MAX_COMPARED)
    .map((row) => ({ name: row.key, ...pcts(row) }));

const listsOf = (left: Side, right: Side, kind: Kind) =>
  compareWeights(left.lists[kind], right.lists[kind])
    .slice(0, MAX_COMPARED)
    .map((row) => ({
      name: row.key,
      ...pcts(row),
      leftTargetPct: left.targets[kind].get(row.key) ?? null,
      rightTargetPct: right.targets[kind].get(row.key) ?? null,
    }));

const instrumentsOf = (rows: readonly Compared[], left: Side, right: Side) =>
  rows.slice(0, MAX_COMPARED).map((row) => {
    const known = left.names.get(row.key) ?? right.names.get(row.key);
    return {
      instrumentId: row.key,
      name: known?.name ?? row.key,
      ticker: known?.ticker ?? null,
      ...pcts(row),
    };
  });

/** Nothing held has no exposure, rather than one that is all unclassified. */
const exposuresOf = (left: Side, right: Side) => {
  const maps = (side: Side): Partial<Exposure> => (side.weights.size === 0 ? {} : side.exposure);
  const [one, other] = [maps(left), maps(right)];
  return {
    byRegion: namesOf(one.byRegion ?? {}, other.byRegion ?? {}),
    bySector: namesOf(one.bySector ?? {}, other.bySector ?? {}),
    byCountry: namesOf(one.byCountry ?? {}, other.byCountry ?? {}),
    byCurrency: namesOf(one.byCurrency ?? {}, other.byCurrency ?? {}),
    byAssetClass: namesOf(one.byAssetClass ?? {}, other.byAssetClass ?? {}),
  };
};

/**
 * Compares a portfolio (left) with another one (right), both at one moment.
 * @param againstId the other one; without it the model that the first follows, else what it was copied from
 * @throws {AppError} 404; 422 `nothing_to_compare` where there is neither
 */
export const comparePortfolios = async (
  tx: Tx,
  id: string,
  againstId: string | undefined,
  moment: Moment,
): Promise<Static<typeof Comparison>> => {
  const first = await readPortfolio(tx, id);
  const other = againstId ?? first.modelId ?? first.parentId;
  if (other === null) {
    const detail = `“${first.name}” follows no model and is no copy; say which portfolio to compare it with.`;
    throw unprocessable('nothing_to_compare', detail, 'against');
  }
  const second = await readPortfolio(tx, other);
  const left = await readSide(tx, first, moment);
  const right = await readSide(tx, second, moment);
  const rate = await rateBetween(tx, currency(second.baseCurrency), currency(first.baseCurrency), moment.day);
  const holdings = compareWeights(left.weights, right.weights);
  const companies = compareWeights(left.companies, right.companies);
  const [bySection, byTheme, byAccount] = KINDS.map((kind) => listsOf(left, right, kind));
  return {
    asOf: moment.day.toString(),
    currency: first.baseCurrency,
    rate: rate === null || rate.method === 'identity' ? null : rateAnswer(rate),
    left: sideAnswer(left, dec('1')),
    right: sideAnswer(right, rate?.rate ?? null),
    overlap: { holdingsPct: commonPct(holdings), companiesPct: commonPct(companies) },
    movedPct: movedPct(holdings),
    holdings: instrumentsOf(holdings, left, right),
    holdingCount: holdings.length,
    bySection: bySection ?? [],
    byTheme: byTheme ?? [],
    byAccount: byAccount ?? [],
    ...exposuresOf(left, right),
    companies: instrumentsOf(companies, left, right),
    companyCount: companies.length,
  };
};
