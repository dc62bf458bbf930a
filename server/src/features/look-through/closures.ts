/**
 * What funds hold down to the bottom, computed once for what they contain and then kept in this process.
 *
 * A closure is kept under its basis and the versions of everything inside, so it is never stale; it is reached only
 * from versions that the person of the transaction may see. Not for transactions that change what funds hold: what
 * they roll back would be kept. What is not kept is made of the stored columns, and where
 * the worker has not made those yet, of the rows.
 * Contents: loadClosures · forgetClosures
 */
import { Closures, Numbering } from '@pm/domain/look-through';
import type { Basis, Closure, FundColumns } from '@pm/domain/look-through';
import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';

import type { Tx } from '#platform/database/index.ts';

import { packRows, readPacked } from './columns.ts';
import type { PackedColumns } from './columns.ts';
import { fingerprints } from './composition.ts';
import type { ComposedFund, Composition } from './composition.ts';
import { instrumentOf, rowsOfImports } from './graph-rows.ts';
import type { StoredInstrument } from './graph-rows.ts';

/** Entries of closures kept at once: 16 bytes each, some 64 MB. */
const MAX_ENTRIES = 4_000_000;

type Memory = {
  readonly numbering: Numbering;
  readonly closures: LRUCache<string, Closure>;
};

/** Columns that serve in several places are kept once. */
const entriesOf = ({ leaves, own, digest, reach }: Closure): number => {
  const { shares, securities, equity } = digest;
  const columns = new Set([leaves.pct, own.pct, shares.pct, securities.pct, equity.pct]);
  return [...columns].reduce((sum, { length }) => sum + length, 4 * reach.size + 1);
};

/** By database: the tests of one process have many, and numbers of instruments mean something in one only. */
const memories = new LRUCache<string, Memory>({ max: 4 });

const memoryOf = (database: string): Memory => {
  const before = memories.get(database);
  if (before !== undefined) return before;
  const made: Memory = {
    numbering: new Numbering(),
    closures: new LRUCache<string, Closure>({
      maxSize: MAX_ENTRIES,
      sizeCalculation: entriesOf,
    }),
  };
  memories.set(database, made);
  return made;
};

/** Forgets everything that was kept: for measuring a cold start. */
export const forgetClosures = (): void => memories.clear();

/** Closures over all that the composition's instruments hold. Of a composition that was read in this transaction. */
export const loadClosures = async (tx: Tx, composition: Composition, basis: Basis): Promise<Closures> => {
  const memory = memoryOf(composition.database);
  const prints = fingerprints(composition.funds);
  const known = new Map<string, Closure>();
  for (const [fundId, { key }] of prints) {
    const closure = memory.closures.get(`${basis} ${key}`);
    if (closure !== undefined) known.set(fundId, closure);
  }
  const missing = [...prints.keys()].filter((fundId) => !known.has(fundId));
  // A fund in a circle is looked into again on the way from the others in it.
  const inCircles = [...known.keys()].filter((fundId) =>
    missing.some(
      (id) => prints.get(id)?.reach.has(fundId) === true && prints.get(fundId)?.reach.has(id) === true,
    ),
  );
  const funds = await loadColumns(tx, composition, [...missing, ...inCircles], memory.numbering);
  const instruments = new Map(composition.instruments.map((row) => [row.id, instrumentOf(row)]));
  const closures = new Closures({ funds, instruments }, basis, { numbering: memory.numbering, known });
  for (const fundId of missing) {
    const closure = closures.of(fundId);
    if (closure !== null && closures.isComplete) {
      memory.closures.set(`${basis} ${prints.get(fundId)?.key ?? ''}`, closure);
    }
  }
  return closures;
};

const loadColumns = async (
  tx: Tx,
  composition: Composition,
  fundIds: readonly string[],
  numbering: Numbering,
): Promise<ReadonlyMap<string, FundColumns>> => {
  const asked = fundIds.flatMap((id) => composition.funds.get(id) ?? []);
  const versions = asked.flatMap(({ own }) => own ?? []);
  const stored = await readPacked(tx, versions);
  const unpacked = versions.filter(({ importId }) => !stored.has(importId)).map(({ importId }) => importId);
  const rows = unpacked.length === 0 ? [] : await rowsOfImports(tx, unpacked);
  for (const row of rows) numbering.instrument(row.id, row.name, row.no);
  await nameStored(tx, [...stored.values()], numbering);
  const byImport = Map.groupBy(rows, (row) => row.import_id);
  const numbers = new Map(composition.instruments.map((row) => [row.id, row]));
  return new Map(
    asked.map((fund) => {
      if (fund.own === null) return [fund.id, standIn(fund, numbers, numbering)];
      const { importId } = fund.own;
      const packed = stored.get(importId) ?? packRows(byImport.get(importId) ?? []);
      return [fund.id, columnsOf(fund, packed, numbering)];
    }),
  );
};

/** Stored columns know securities by number only. */
const nameStored = async (tx: Tx, stored: readonly PackedColumns[], numbering: Numbering): Promise<void> => {
  if (stored.length === 0) return;
  const numbers = new Set<number>();
  for (const { instrument } of stored) for (const no of instrument) numbers.add(no);
  const found = await sql<{ id: string; no: number; name: string }>`
    select i.id, i.no, i.name from pm.instruments i where i.no = any (${[...numbers]}::integer[])`.execute(
    tx,
  );
  for (const { id, no, name } of found.rows) numbering.instrument(id, name, no);
};

const columnsOf = (fund: ComposedFund, packed: PackedColumns, numbering: Numbering): FundColumns => {
  const numbers = packed.attributes.map((one) => numbering.attribute(one));
  const { instrument, weightPct, marketPct, hasMarketGaps, funds } = packed;
  return {
    importId: fund.importId,
    asOf: fund.asOf,
    weightSumPct: fund.weightSumPct,
    instrument,
    attribute: packed.attribute.map((place) => numbers[place] ?? 0),
    weightPct,
    marketPct,
    hasMarketGaps,
    funds: funds.map(([row, instrumentId, name]) => ({ row, instrumentId, name })),
  };
};

/** A fund that is looked through as another holds nothing but that one. */
const standIn = (
  { treatedAs, importId, asOf, weightSumPct }: ComposedFund,
  instruments: ReadonlyMap<string, StoredInstrument>,
  numbering: Numbering,
): FundColumns => {
  const other = instruments.get(treatedAs ?? '');
  const [id, name] = [treatedAs ?? '', other?.name ?? ''];
  const whole = Float64Array.of(100);
  const attributes = other === undefined ? undefined : instrumentOf(other);
  return {
    importId,
    asOf,
    weightSumPct,
    treatedAs: id,
    instrument: Uint32Array.of(numbering.instrument(id, name, other?.no)),
    attribute: Uint32Array.of(
      numbering.attribute({
        sector: null,
        country: null,
        currency: null,
        assetClass: attributes?.assetClass ?? null,
        kind: 'fund',
      }),
    ),
    weightPct: whole,
    marketPct: whole,
    hasMarketGaps: false,
    funds: [{ row: 0, instrumentId: id, name }],
  };
};
