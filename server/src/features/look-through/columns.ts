/**
 * An import's rows as columns of numbers: made of its constituents, stored, read back.
 *
 * The stored form holds for one version of the import (`import_version`); another version's is not read.
 * Contents: PackedColumns · packRows · readPacked · writePacked
 */
import { attributeKey, marketShares, withOwn } from '@pm/domain/look-through';
import type { Attributes } from '@pm/domain/look-through';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import { FUND_TYPES, instrumentOf } from './graph-rows.ts';
import type { StoredRow } from './graph-rows.ts';

/** Columns in order of the securities' numbers, with sets of attributes of their own. */
export type PackedColumns = {
  readonly instrument: Uint32Array;
  /** Place in `attributes`. */
  readonly attribute: Uint32Array;
  readonly weightPct: Float64Array;
  readonly marketPct: Float64Array | null;
  readonly hasMarketGaps: boolean;
  readonly attributes: readonly Attributes[];
  readonly funds: ReadonlyArray<readonly [row: number, instrumentId: string, name: string]>;
};

/** @param rows of one import, in order of the securities' numbers */
export const packRows = (rows: readonly StoredRow[]): PackedColumns => {
  const places = new Map<string, number>();
  const attributes: Attributes[] = [];
  const attribute = Uint32Array.from(rows, (row) => {
    const own = instrumentOf(row);
    const { sector, industry, country, currency, asset_class: assetClass } = row;
    const one = withOwn({ sector, industry, country, currency, assetClass, kind: own.kind }, own);
    const key = attributeKey(one);
    const place = places.get(key) ?? attributes.push(one) - 1;
    places.set(key, place);
    return place;
  });
  const weightPct = Float64Array.from(rows, (row) => Number(row.weight));
  const shares = marketShares(
    rows.map((row) => row.market_value),
    weightPct,
  );
  return {
    instrument: Uint32Array.from(rows, (row) => row.no),
    attribute,
    weightPct,
    marketPct: shares.pct,
    hasMarketGaps: shares.hasGaps,
    attributes,
    funds: rows.flatMap((row, at) => (FUND_TYPES.has(row.type) ? [[at, row.id, row.name] as const] : [])),
  };
};

/** One version of an import. */
export type ImportVersionKey = { readonly importId: string; readonly version: number };

type Stored = {
  readonly import_id: string;
  readonly instrument: Buffer;
  readonly attribute: Buffer;
  readonly weight: Buffer;
  readonly market: Buffer | null;
  readonly has_market_gaps: boolean;
  readonly attributes: readonly Attributes[];
  readonly funds: PackedColumns['funds'];
};

/** A copy, because the driver's buffers do not begin where eight bytes may. */
const bytesOf = (buffer: Buffer): ArrayBuffer => Uint8Array.from(buffer).buffer;
const bufferOf = (array: Uint32Array | Float64Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** The stored columns of these versions, by import; those that are not there, or of another version, are left out. */
export const readPacked = async (
  tx: Tx,
  versions: readonly ImportVersionKey[],
): Promise<ReadonlyMap<string, PackedColumns>> => {
  if (versions.length === 0) return new Map();
  const ids = versions.map((one) => one.importId);
  const numbers = versions.map((one) => one.version);
  const found = await sql<Stored>`
    select c.import_id, c.instrument, c.attribute, c.weight, c.market, c.has_market_gaps, c.attributes, c.funds
    from unnest(${ids}::uuid[], ${numbers}::integer[]) as w (id, version)
    join pm.import_columns c on c.import_id = w.id and c.import_version = w.version`.execute(tx);
  return new Map(
    found.rows.map((row) => [
      row.import_id,
      {
        instrument: new Uint32Array(bytesOf(row.instrument)),
        attribute: new Uint32Array(bytesOf(row.attribute)),
        weightPct: new Float64Array(bytesOf(row.weight)),
        marketPct: row.market === null ? null : new Float64Array(bytesOf(row.market)),
        hasMarketGaps: row.has_market_gaps,
        attributes: row.attributes,
        funds: row.funds,
      },
    ]),
  );
};

/** Stores the columns of a version, in place of an earlier one's. For the worker. */
export const writePacked = async (
  tx: Tx,
  { importId, version, owner }: ImportVersionKey & { readonly owner: string | null },
  packed: PackedColumns,
): Promise<void> => {
  await sql`
    insert into pm.import_columns (import_id, owner_user_id, import_version, instrument, attribute, weight, market,
      has_market_gaps, attributes, funds)
    values (${importId}::uuid, ${owner}::uuid, ${version}, ${bufferOf(packed.instrument)}, ${bufferOf(packed.attribute)},
      ${bufferOf(packed.weightPct)}, ${packed.marketPct === null ? null : bufferOf(packed.marketPct)},
      ${packed.hasMarketGaps}, ${JSON.stringify(packed.attributes)}::jsonb, ${JSON.stringify(packed.funds)}::jsonb)
    on conflict (import_id) do update set import_version = excluded.import_version, instrument = excluded.instrument,
      attribute = excluded.attribute, weight = excluded.weight, market = excluded.market,
      has_market_gaps = excluded.has_market_gaps, attributes = excluded.attributes, funds = excluded.funds,
      created_at = now()`.execute(tx);
};
