import { closuresFor, isOpaqueFund, type BlockReason, type Closure, type Closures } from './closure.ts';
import type { Attributes, Basis, LookThroughGraph, Position } from './graph.ts';
import { regionOf } from './terms/index.ts';

/** Per cent by canonical English name, the largest first; sums to 100. */
export type Weights = Readonly<Record<string, number>>;

/** One way in which a company is held. `via`: funds from the outermost to the innermost; empty when held directly. */
export type ExposurePath = { readonly via: readonly string[]; readonly pct: number };

export type CompanyExposure = {
  readonly instrumentId: string;
  readonly name: string;
  /** Where the largest part of it is counted. */
  readonly country: string;
  readonly sector: string;
  readonly pct: number;
  readonly paths: readonly ExposurePath[];
};

export type FundUsed = {
  readonly instrumentId: string;
  readonly name: string;
  /** Day of the fund's holdings, ISO; null without constituents. */
  readonly asOf: string | null;
  readonly importId: string | null;
  /** Per cent of the whole that is held through this fund. */
  readonly weightPct: number;
  readonly weightSumPct: number | null;
  /** Per cent of the fund that was followed to the bottom. */
  readonly coveragePct: number;
  readonly lookedThrough: boolean;
};

export type ExposureWarning = {
  readonly code:
    | 'not_looked_through'
    | 'cycle'
    | 'too_deep'
    | 'paths_cut'
    | 'mixed_days'
    | 'basis_not_usable'
    | 'market_values_missing';
  readonly message: string;
  readonly instrumentIds: readonly string[];
};

export type Exposure = {
  /** The newest day among the funds' holdings, ISO, or null where there is no fund. */
  readonly asOf: string | null;
  readonly basis: Basis;
  readonly byRegion: Weights;
  readonly bySector: Weights;
  readonly byCountry: Weights;
  readonly byCurrency: Weights;
  readonly byAssetClass: Weights;
  /** Largest first. Cash, contracts and funds as such are no companies. */
  readonly byCompany: readonly CompanyExposure[];
  /** How many companies there are, also where `byCompany` was cut. */
  readonly companyCount: number;
  /** Per cent that was followed to the bottom: securities, cash and contracts. */
  readonly coveragePct: number;
  /** 100 − the sum of all parts: what no row accounts for. May be negative. */
  readonly unclassifiedPct: number;
  readonly funds: readonly FundUsed[];
  readonly warnings: readonly ExposureWarning[];
};

export type ExposureOptions = {
  /** Name at most this many companies, the largest. */
  readonly companies?: number;
  /** Closures made before over the same graph and basis: a fund is then not computed again. */
  readonly closures?: Closures;
};

/** Ways through funds that are listed; the sums count all of them. */
const MAX_CHAINS = 20_000;
const UNCLASSIFIED = 'Unclassified';
/** Less than this is rounding noise of floating-point sums. */
const NOISE_PCT = 1e-9;

type Part = {
  readonly instrumentId: string;
  readonly pct: number;
  readonly closure: Closure | null;
  readonly instrument: number;
  readonly attribute: number;
};

const partsOf = (positions: readonly Position[], closures: Closures): Part[] => {
  const byInstrument = new Map<string, number>();
  for (const { instrumentId, weightPct } of positions) {
    byInstrument.set(instrumentId, (byInstrument.get(instrumentId) ?? 0) + weightPct);
  }
  const sorted = [...byInstrument].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([instrumentId, pct]) => {
    const closure = closures.of(instrumentId);
    return { instrumentId, pct, closure, ...closures.direct(instrumentId) };
  });
};

/** Sums of all parts by instrument and by set of attributes, in arrays. */
class Sums {
  readonly byInstrument: Float64Array;
  readonly byAttribute: Float64Array;
  /** The attributes under which most of an instrument is counted. */
  readonly mainAttribute: Int32Array;
  total = 0;
  covered = 0;
  private readonly mainPct: Float64Array;
  private readonly isCompany: readonly boolean[];

  constructor(parts: readonly Part[], closures: Closures) {
    const { instrumentIds, attributes } = closures.numbering;
    this.byInstrument = new Float64Array(instrumentIds.length);
    this.byAttribute = new Float64Array(attributes.length);
    this.mainAttribute = new Int32Array(instrumentIds.length).fill(-1);
    this.mainPct = new Float64Array(instrumentIds.length);
    this.isCompany = attributes.map((one) => isCompany(one));
    for (const part of parts) this.add(part, attributes);
  }

  private add({ closure, pct, instrument, attribute }: Part, attributes: readonly Attributes[]): void {
    if (closure === null) {
      this.addLeaf(instrument, attribute, pct);
      const own = attributes[attribute];
      if (own === undefined || !isOpaqueFund(own)) this.covered += pct;
      return;
    }
    const { leaves } = closure;
    for (let i = 0; i < leaves.pct.length; i += 1) {
      this.addLeaf(leaves.instrument[i] ?? 0, leaves.attribute[i] ?? 0, (pct * (leaves.pct[i] ?? 0)) / 100);
    }
    this.covered += (pct * closure.coveragePct) / 100;
  }

  private addLeaf(instrument: number, attribute: number, pct: number): void {
    this.total += pct;
    this.byAttribute[attribute] = (this.byAttribute[attribute] ?? 0) + pct;
    if (this.isCompany[attribute] !== true) return;
    this.byInstrument[instrument] = (this.byInstrument[instrument] ?? 0) + pct;
    if ((this.mainAttribute[instrument] ?? -1) < 0 || Math.abs(pct) > (this.mainPct[instrument] ?? 0)) {
      this.mainAttribute[instrument] = attribute;
      this.mainPct[instrument] = Math.abs(pct);
    }
  }
}

/** Securities, and funds that their holder counts as shares. Money, contracts and funds as such are no companies. */
const isCompany = ({ kind, assetClass }: Attributes): boolean =>
  kind === 'security' || (kind === 'fund' && assetClass === 'Equity');

const byPct = (a: readonly [string, number], b: readonly [string, number]): number =>
  b[1] - a[1] || (a[0] < b[0] ? -1 : 1);

/** Groups the sums by one attribute; what is missing from 100 goes to "Unclassified", which is always there. */
const weightsBy = (
  sums: Sums,
  attributes: readonly Attributes[],
  nameOf: (one: Attributes) => string,
): Weights => {
  const groups = new Map<string, number>();
  for (const [index, one] of attributes.entries()) {
    const pct = sums.byAttribute[index] ?? 0;
    if (pct === 0) continue;
    const name = nameOf(one);
    groups.set(name, (groups.get(name) ?? 0) + pct);
  }
  const rest = 100 - sums.total;
  groups.set(UNCLASSIFIED, (groups.get(UNCLASSIFIED) ?? 0) + (Math.abs(rest) > NOISE_PCT ? rest : 0));
  return Object.fromEntries([...groups].toSorted(byPct));
};

/** Walks every chain of funds and notes how the wanted instruments are held. */
const pathsOf = (
  parts: readonly Part[],
  wanted: ReadonlySet<number>,
): { readonly paths: ReadonlyMap<number, ExposurePath[]>; readonly cut: boolean } => {
  const paths = new Map<number, ExposurePath[]>([...wanted].map((instrument) => [instrument, []]));
  let chains = 0;
  const walk = (closure: Closure, scale: number, above: readonly string[]): void => {
    chains += 1;
    if (chains > MAX_CHAINS) return;
    const via = [...above, closure.fundId];
    const { instrument, pct } = closure.own;
    for (let i = 0; i < pct.length; i += 1) {
      paths.get(instrument[i] ?? 0)?.push({ via, pct: (scale * (pct[i] ?? 0)) / 100 });
    }
    for (const inside of closure.nested) walk(inside.closure, (scale * inside.pct) / 100, via);
  };
  for (const part of parts) {
    if (part.closure === null) paths.get(part.instrument)?.push({ via: [], pct: part.pct });
    else walk(part.closure, part.pct, []);
  }
  for (const [instrument, found] of paths) paths.set(instrument, mergedPaths(found));
  return { paths, cut: chains > MAX_CHAINS };
};

/** Adds up ways that are the same (a fund's row under two sets of attributes), the largest first. */
const mergedPaths = (paths: readonly ExposurePath[]): ExposurePath[] => {
  const byWay = new Map<string, ExposurePath>();
  for (const path of paths) {
    const key = path.via.join(' ');
    byWay.set(key, { via: path.via, pct: (byWay.get(key)?.pct ?? 0) + path.pct });
  }
  return [...byWay]
    .toSorted(([a, one], [b, other]) => other.pct - one.pct || (a < b ? -1 : 1))
    .map(([, path]) => path);
};

const companiesOf = (
  parts: readonly Part[],
  sums: Sums,
  closures: Closures,
  limit: number,
): { readonly companies: readonly CompanyExposure[]; readonly count: number; readonly cut: boolean } => {
  const { instrumentIds, names, attributes } = closures.numbering;
  const held: number[] = [];
  for (let i = 0; i < instrumentIds.length; i += 1) if ((sums.mainAttribute[i] ?? -1) >= 0) held.push(i);
  const ranked = held.toSorted((a, b) =>
    byPct(
      [instrumentIds[a] ?? '', sums.byInstrument[a] ?? 0],
      [instrumentIds[b] ?? '', sums.byInstrument[b] ?? 0],
    ),
  );
  const named = ranked.slice(0, limit);
  const { paths, cut } = pathsOf(parts, new Set(named));
  const companies = named.map((instrument) => {
    const main = attributes[sums.mainAttribute[instrument] ?? 0];
    return {
      instrumentId: instrumentIds[instrument] ?? '',
      name: names[instrument] ?? '',
      country: main?.country ?? UNCLASSIFIED,
      sector: main?.sector ?? UNCLASSIFIED,
      pct: sums.byInstrument[instrument] ?? 0,
      paths: paths.get(instrument) ?? [],
    };
  });
  return { companies, count: ranked.length, cut };
};

/** What was not looked through, added up by fund and reason. */
const blockedIn = (parts: readonly Part[], closures: Closures) => {
  const found = new Map<
    string,
    { id: string; name: string; reason: BlockReason; pct: number; via: readonly string[] }
  >();
  const add = (id: string, name: string, reason: BlockReason, pct: number, via: readonly string[]): void => {
    const key = `${reason} ${id}`;
    const before = found.get(key);
    const way = before === undefined || before.via.length <= via.length ? (before?.via ?? via) : via;
    found.set(key, { id, name, reason, pct: (before?.pct ?? 0) + pct, via: way });
  };
  for (const part of parts) {
    const own = closures.numbering.attributes[part.attribute];
    if (part.closure === null && own !== undefined && isOpaqueFund(own)) {
      add(
        part.instrumentId,
        closures.numbering.names[part.instrument] ?? '',
        'no_constituents',
        part.pct,
        [],
      );
    }
    for (const one of part.closure?.blocked ?? []) {
      add(one.instrumentId, one.name, one.reason, (part.pct * one.pct) / 100, one.via);
    }
  }
  return [...found.values()].toSorted((a, b) => b.pct - a.pct || (a.id < b.id ? -1 : 1));
};

type Block = ReturnType<typeof blockedIn>[number];

const fundsOf = (parts: readonly Part[], blocked: readonly Block[], closures: Closures): FundUsed[] => {
  const used = new Map<string, { closure: Closure; weightPct: number }>();
  const visit = (closure: Closure): void => {
    if (used.has(closure.fundId)) return;
    used.set(closure.fundId, { closure: closures.of(closure.fundId) ?? closure, weightPct: 0 });
    for (const inside of closure.nested) visit(inside.closure);
  };
  for (const { closure, pct } of parts) {
    if (closure === null) continue;
    visit(closure);
    for (const [fundId, share] of closure.reach) {
      const fund = used.get(fundId);
      if (fund !== undefined) fund.weightPct += (pct * share) / 100;
    }
  }
  const nameOf = (id: string): string => closures.graph.instruments.get(id)?.name ?? '';
  const through = [...used].map(([instrumentId, { closure, weightPct }]): FundUsed => ({
    instrumentId,
    name: nameOf(instrumentId),
    asOf: closure.version.asOf,
    importId: closure.version.importId,
    weightPct,
    weightSumPct: closure.version.weightSumPct,
    coveragePct: closure.coveragePct,
    lookedThrough: true,
  }));
  const opaque = blocked
    .filter((one) => one.reason === 'no_constituents')
    .map((one): FundUsed => ({
      instrumentId: one.id,
      name: one.name,
      asOf: null,
      importId: null,
      weightPct: one.pct,
      weightSumPct: null,
      coveragePct: 0,
      lookedThrough: false,
    }));
  return [...through, ...opaque].toSorted(
    (a, b) => b.weightPct - a.weightPct || (a.instrumentId < b.instrumentId ? -1 : 1),
  );
};

const PATHS_CUT: ExposureWarning = {
  code: 'paths_cut',
  message: `There are more than ${MAX_CHAINS} ways through the funds; the ways shown are not all, the sums are.`,
  instrumentIds: [],
};

const percentText = (pct: number): string => `${pct.toFixed(2)} %`;

const blockWarnings = (blocked: readonly Block[], closures: Closures): ExposureWarning[] => {
  const nameOf = (id: string): string => closures.graph.instruments.get(id)?.name ?? id;
  const opaque = blocked.filter((one) => one.reason === 'no_constituents');
  const warnings: ExposureWarning[] = blocked
    .filter((one) => one.reason === 'cycle')
    .map((one) => ({
      code: 'cycle',
      message: `${nameOf(one.id)} contains itself (${[...one.via, one.id].map((id) => nameOf(id)).join(' → ')}); ${percentText(one.pct)} was not looked through again.`,
      instrumentIds: [one.id],
    }));
  const deep = blocked.filter((one) => one.reason === 'depth');
  if (deep.length > 0) {
    const pct = deep.reduce((sum, one) => sum + one.pct, 0);
    warnings.push({
      code: 'too_deep',
      message: `Funds lie too deep in one another: ${percentText(pct)} was not looked through.`,
      instrumentIds: deep.map((one) => one.id),
    });
  }
  if (opaque.length > 0) {
    const pct = opaque.reduce((sum, one) => sum + one.pct, 0);
    const named = opaque.slice(0, 5).map((one) => one.name);
    const more = opaque.length - named.length;
    warnings.push({
      code: 'not_looked_through',
      message: `${percentText(pct)} is in funds whose holdings are not known and which count as themselves: ${named.join('; ')}${more > 0 ? ` and ${more} more` : ''}.`,
      instrumentIds: opaque.map((one) => one.id),
    });
  }
  return warnings;
};

const basisWarnings = (parts: readonly Part[], closures: Closures): ExposureWarning[] => {
  const unusable = new Set<string>();
  const gaps = new Set<string>();
  for (const [fundId, problem] of parts.flatMap((part) => [...(part.closure?.problems ?? [])])) {
    (problem === 'some_market_values_missing' ? gaps : unusable).add(fundId);
  }
  const named = (ids: ReadonlySet<string>): string =>
    [...ids].map((id) => closures.graph.instruments.get(id)?.name ?? id).join('; ');
  const warnings: ExposureWarning[] = [];
  if (unusable.size > 0) {
    const what =
      closures.basis === 'marketValue' ? 'market values' : 'weights that can be divided by their sum';
    warnings.push({
      code: 'basis_not_usable',
      message: `No ${what} for ${named(unusable)}: the published weights were used.`,
      instrumentIds: [...unusable],
    });
  }
  if (gaps.size > 0) {
    warnings.push({
      code: 'market_values_missing',
      message: `Some rows of ${named(gaps)} have a weight but no market value and count as 0.`,
      instrumentIds: [...gaps],
    });
  }
  return warnings;
};

const dayWarnings = (funds: readonly FundUsed[]): ExposureWarning[] => {
  const days = [...new Set(funds.map((fund) => fund.asOf).filter((day) => day !== null))].toSorted();
  const [first] = days;
  const last = days.at(-1);
  return first === undefined || last === undefined || days.length < 2
    ? []
    : [
        {
          code: 'mixed_days',
          message: `The funds' holdings are of different days, from ${first} to ${last}.`,
          instrumentIds: funds.filter((fund) => fund.asOf !== null).map((fund) => fund.instrumentId),
        },
      ];
};

/** On a basis other than the published one the positions themselves are divided by their sum. */
const scaled = (positions: readonly Position[], basis: Basis): readonly Position[] => {
  if (basis === 'published') return positions;
  const sum = positions.reduce((total, position) => total + position.weightPct, 0);
  return sum > NOISE_PCT
    ? positions.map((position) => ({ ...position, weightPct: (position.weightPct * 100) / sum }))
    : positions;
};

/**
 * What positions really are: each fund looked through to the bottom at its issuer's own weights and locations.
 *
 * Each map goes from canonical English name to per cent and sums to 100: what no row accounts for (100 − sum) is
 * "Unclassified" and may be negative. Cash and contracts count in every map, under the sector "Cash and derivatives".
 * A fund without constituents counts as itself and is reported; so is the part of a fund that contains itself.
 * Negative weights (shorts, overdrafts) stay negative. The order of positions and rows never matters.
 */
export const exposureOf = (
  positions: readonly Position[],
  graph: LookThroughGraph,
  basis: Basis,
  options: ExposureOptions = {},
): Exposure => {
  const closures = closuresFor(graph, basis, options.closures);
  const parts = partsOf(scaled(positions, basis), closures);
  const sums = new Sums(parts, closures);
  const { attributes } = closures.numbering;
  const blocked = blockedIn(parts, closures);
  const funds = fundsOf(parts, blocked, closures);
  const limit = options.companies ?? Number.POSITIVE_INFINITY;
  const { companies, count, cut } = companiesOf(parts, sums, closures, limit);
  const country = (one: Attributes): string => one.country ?? UNCLASSIFIED;
  const days = funds.map((fund) => fund.asOf).filter((day) => day !== null);
  return {
    asOf: days.toSorted().at(-1) ?? null,
    basis,
    byRegion: weightsBy(sums, attributes, (one) => regionOf(country(one))),
    bySector: weightsBy(sums, attributes, (one) => one.sector ?? UNCLASSIFIED),
    byCountry: weightsBy(sums, attributes, country),
    byCurrency: weightsBy(sums, attributes, (one) => one.currency ?? UNCLASSIFIED),
    byAssetClass: weightsBy(sums, attributes, (one) => one.assetClass ?? UNCLASSIFIED),
    byCompany: companies,
    companyCount: count,
    coveragePct: sums.covered,
    unclassifiedPct: 100 - sums.total,
    funds,
    warnings: [
      ...blockWarnings(blocked, closures),
      ...basisWarnings(parts, closures),
      ...dayWarnings(funds),
      ...(cut ? [PATHS_CUT] : []),
    ],
  };
};
