import type { Attributes, FundColumns, FundVersion, GraphInstrument, LookThroughGraph } from './graph.ts';
import type { Numbering } from './numbering.ts';
import { marketShares } from './weights.ts';

export const UNKNOWN_ATTRIBUTES: Attributes = {
  sector: null,
  country: null,
  currency: null,
  assetClass: null,
  kind: 'security',
};

const known = (row: string | null, own: string | null): string | null =>
  row === null || row === 'Unclassified' ? own : row;

/**
 * A row's attributes; what its issuer leaves open is filled from the instrument's own. Not for a fund: where it is at
 * home and in which currency it trades says nothing of what it holds.
 */
export const withOwn = (row: Attributes, instrument: GraphInstrument | undefined): Attributes => {
  if (instrument === undefined) return row;
  const kind = row.kind === 'security' ? instrument.kind : row.kind;
  const assetClass = known(row.assetClass, instrument.assetClass);
  if (instrument.kind === 'fund') return { ...row, assetClass, kind };
  return {
    sector: known(row.sector, instrument.sector),
    industry: known(row.industry ?? null, instrument.industry ?? null),
    country: known(row.country, instrument.country),
    currency: known(row.currency, instrument.currency),
    assetClass,
    kind,
  };
};

/** A fund whose constituents are not known. A money market fund is money, not something to look into. */
export const isOpaqueFund = (attributes: Attributes): boolean =>
  attributes.kind === 'fund' && attributes.assetClass !== 'Cash';

/** True for contents that are in numbers already. */
export const isInColumns = (contents: FundVersion | FundColumns): contents is FundColumns =>
  'instrument' in contents;

/** Brings a version into numbers. Rows that are funds, or that the graph has contents of, are listed as such. */
export const columnsOf = (
  version: FundVersion,
  graph: LookThroughGraph,
  numbering: Numbering,
): FundColumns => {
  const rows = version.childId.map((childId, row) => {
    const instrument = graph.instruments.get(childId);
    const name = instrument?.name ?? version.name[row] ?? '';
    const published = version.attributes[version.attribute[row] ?? 0] ?? UNKNOWN_ATTRIBUTES;
    const attributes = withOwn(published, instrument);
    const isFund = isOpaqueFund(attributes) || graph.funds.has(childId);
    const number = numbering.instrument(childId, name, instrument?.no);
    return { row, childId, name, isFund, number, attribute: numbering.attribute(attributes) };
  });
  const sorted = rows.toSorted((a, b) => a.number - b.number || a.attribute - b.attribute);
  const shares = marketShares(version.marketValue, version.weightPct);
  const inOrder = (values: Float64Array): Float64Array =>
    Float64Array.from(sorted, ({ row }) => values[row] ?? 0);
  const { importId, asOf, weightSumPct, treatedAs } = version;
  return {
    importId,
    asOf,
    weightSumPct,
    ...(treatedAs !== undefined && { treatedAs }),
    instrument: Uint32Array.from(sorted, ({ number }) => number),
    attribute: Uint32Array.from(sorted, ({ attribute }) => attribute),
    weightPct: inOrder(version.weightPct),
    marketPct: shares.pct === null ? null : inOrder(shares.pct),
    hasMarketGaps: shares.hasGaps,
    funds: sorted.flatMap(({ childId, name, isFund }, row) =>
      isFund ? [{ row, instrumentId: childId, name }] : [],
    ),
  };
};
