import { isOpaqueFund, type BlockReason, type Closure, type Closures } from './closure.ts';
import type { Part } from './looked-through.ts';
import { MAX_CHAINS } from './paths.ts';

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
  /** What it is looked through as, by somebody's assumption; null where its holdings are its own. */
  readonly treatedAs: { readonly instrumentId: string; readonly name: string } | null;
};

export type ExposureWarning = {
  readonly code:
    | 'not_looked_through'
    | 'assumption'
    | 'cycle'
    | 'too_deep'
    | 'paths_cut'
    | 'mixed_days'
    | 'basis_not_usable'
    | 'market_values_missing';
  readonly message: string;
  readonly instrumentIds: readonly string[];
};

/** What was not looked through, added up by fund and reason. */
export const blockedIn = (parts: readonly Part[], closures: Closures) => {
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

export type Block = ReturnType<typeof blockedIn>[number];

export const fundsOf = (
  parts: readonly Part[],
  blocked: readonly Block[],
  closures: Closures,
): FundUsed[] => {
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
    treatedAs:
      closure.version.treatedAs === undefined
        ? null
        : { instrumentId: closure.version.treatedAs, name: nameOf(closure.version.treatedAs) },
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
      treatedAs: null,
    }));
  return [...through, ...opaque].toSorted(
    (a, b) => b.weightPct - a.weightPct || (a.instrumentId < b.instrumentId ? -1 : 1),
  );
};

export const PATHS_CUT: ExposureWarning = {
  code: 'paths_cut',
  message: `There are more than ${MAX_CHAINS} ways through the funds; the ways shown are not all, the sums are.`,
  instrumentIds: [],
};

const percentText = (pct: number): string => `${pct.toFixed(2)} %`;

export const blockWarnings = (blocked: readonly Block[], closures: Closures): ExposureWarning[] => {
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

export const basisWarnings = (parts: readonly Part[], closures: Closures): ExposureWarning[] => {
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

export const dayWarnings = (funds: readonly FundUsed[]): ExposureWarning[] => {
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

/** What is not known of funds and assumed instead. */
export const assumptionWarnings = (funds: readonly FundUsed[]): ExposureWarning[] =>
  funds.flatMap(({ instrumentId, name, weightPct, treatedAs }) =>
    treatedAs === null
      ? []
      : [
          {
            code: 'assumption' as const,
            message: `${name} (${percentText(weightPct)}) is treated as ${treatedAs.name}: an assumption, its own holdings are not known.`,
            instrumentIds: [instrumentId],
          },
        ],
  );
