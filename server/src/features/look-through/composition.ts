/**
 * Which versions count: the funds below some instruments, to any depth, on a day, for the person of the transaction.
 *
 * One statement, which reads no constituents. Each instrument is looked up by itself (`offset 0`): how many funds there
 * are below is not known when it is planned, and the guess would have every instrument read. What is computed of funds is
 * kept under what it says: other contents are another key, so that nothing has to be invalidated.
 * Contents: Composition · readComposition
 */
import { createHash } from 'node:crypto';

import { dec } from '@pm/domain/money';
import { sql } from 'kysely';

import type { InstrumentFacts } from '#features/instruments';
import type { Tx } from '#platform/database/index.ts';

import { INSTRUMENT_COLUMNS } from './graph-rows.ts';
import type { StoredInstrument } from './graph-rows.ts';

/** A fund whose contents are known on the day. */
export type ComposedFund = {
  readonly id: string;
  /** What the fund's own import is, or null for one that is looked through as another. */
  readonly own: { readonly importId: string; readonly version: number } | null;
  /** The instrument that stands in for it, or null. */
  readonly treatedAs: string | null;
  /** Import, day and sum of the holdings: its own, or of the one that stands in for it. */
  readonly importId: string;
  readonly asOf: string;
  readonly weightSumPct: number;
  /** Its rows that are or may be funds. */
  readonly inside: readonly string[];
};

/** What was asked for, or a fund inside, with what answers say of it. */
export type ComposedInstrument = StoredInstrument & Pick<InstrumentFacts, 'ticker' | 'metadata'>;

export type Composition = {
  /** Tells the databases of one process apart. */
  readonly database: string;
  readonly funds: ReadonlyMap<string, ComposedFund>;
  /** What was asked for, and every fund. */
  readonly instruments: readonly ComposedInstrument[];
};

type Row = ComposedInstrument & {
  readonly database: string;
  readonly import_id: string | null;
  readonly version: number;
  readonly as_of: Temporal.PlainDate | null;
  readonly weight_sum: string;
  readonly inside: readonly string[];
  readonly treated_as: string | null;
};

/**
 * Fund by fund the newest import that is not after the day, of two for one day the person's own; else the one that
 * stands in for it, the person's own assumption first. One row for each, of nothing where neither is known.
 */
const contentsOf = (day: Temporal.PlainDate) => sql`lateral (
  select m.import_id, m.as_of, m.weight_sum, p.treated_as, coalesce(m.version, p.version) as version,
    coalesce(m.fund_ids, p.inside) as inside
  from (values (f.id)) as fund (id) left join lateral (
    select c.id as import_id, c.version, c.as_of::date as as_of, c.weight_sum::numeric as weight_sum, c.fund_ids
    from pm.constituent_imports c
    where c.parent_instrument_id = fund.id and c.status = 'active' and c.as_of <= ${day}::date
    order by c.as_of desc, c.owner_user_id, c.id desc limit 1
  ) m on true left join lateral (
    select x.version, x.proxy_instrument_id as treated_as, array[x.proxy_instrument_id] as inside
    from pm.fund_proxies x
    where m.import_id is null and x.fund_instrument_id = fund.id and (x.valid_from is null or x.valid_from <= ${day}::date)
    order by x.owner_user_id limit 1
  ) p on true
)`;

/** Reads what counts below these instruments. */
export const readComposition = async (
  tx: Tx,
  instrumentIds: readonly string[],
  day: Temporal.PlainDate,
): Promise<Composition> => {
  const { rows } = await sql<Row>`
    with recursive reach as (
      select f.id as fund_id, v.* from unnest(${instrumentIds}::uuid[]) as f (id) cross join ${contentsOf(day)} v
      union
      select f.id, v.* from reach r cross join lateral unnest(r.inside) as f (id) cross join ${contentsOf(day)} v
      where v.version is not null
    )
    select current_database() as database, i.*, line.ticker, w.import_id, w.version, w.as_of, w.weight_sum, w.inside, w.treated_as
    from reach w cross join lateral (
      select ${INSTRUMENT_COLUMNS}, i.metadata from pm.instruments i where i.id = w.fund_id offset 0
    ) i left join lateral (
      select l.ticker from pm.instrument_listings l where l.instrument_id = w.fund_id and l.is_primary
      order by l.owner_user_id nulls last limit 1
    ) line on true`.execute(tx);
  const database = rows[0]?.database ?? (await databaseOf(tx));
  return { database, funds: fundsOf(rows), instruments: rows };
};

/** For what is asked of nothing. */
const databaseOf = async (tx: Tx): Promise<string> => {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(tx);
  return rows[0]?.name ?? '';
};

/** Funds with contents; one that stands in for another counts only where its own contents are known. */
const fundsOf = (rows: readonly Row[]): ReadonlyMap<string, ComposedFund> => {
  const funds = new Map<string, ComposedFund>();
  for (const row of rows) {
    if (row.import_id === null || row.as_of === null) continue;
    const own = { importId: row.import_id, version: row.version };
    const weightSumPct = dec(row.weight_sum).toNumber();
    const { id, inside } = row;
    funds.set(id, { id, own, treatedAs: null, ...own, asOf: row.as_of.toString(), weightSumPct, inside });
  }
  let waiting = rows.filter((row) => row.treated_as !== null);
  for (let left = -1; left !== waiting.length;) {
    left = waiting.length;
    waiting = waiting.filter(({ id, treated_as: treatedAs, inside }) => {
      const behind = funds.get(treatedAs ?? '');
      if (behind === undefined) return true;
      const { importId, asOf } = behind;
      funds.set(id, { id, own: null, treatedAs, importId, asOf, weightSumPct: 100, inside });
      return false;
    });
  }
  return funds;
};

/** Every fund that can be reached from one, itself included. */
const reachOf = (fundId: string, funds: ReadonlyMap<string, ComposedFund>): ReadonlySet<string> => {
  const seen = new Set([fundId]);
  // A set is walked in the order of adding, and further while it grows.
  for (const id of seen) {
    for (const inside of funds.get(id)?.inside ?? []) if (funds.has(inside)) seen.add(inside);
  }
  return seen;
};

const partOf = ({ id, own, treatedAs }: ComposedFund): string =>
  own === null ? `${id} as ${treatedAs ?? ''}` : `${id} ${own.importId} ${own.version}`;

/** Text that is the same only for the same contents, by fund; with the funds that each can reach. */
export const fingerprints = (
  funds: ReadonlyMap<string, ComposedFund>,
): ReadonlyMap<string, { readonly key: string; readonly reach: ReadonlySet<string> }> =>
  new Map(
    [...funds.keys()].map((id) => {
      const reach = reachOf(id, funds);
      const parts = [...reach].toSorted().map((one) => partOf(funds.get(one) as ComposedFund));
      const text = `${id}\n${parts.join('\n')}`;
      return [
        id,
        { key: parts.length === 1 ? text : createHash('sha256').update(text).digest('base64url'), reach },
      ];
    }),
  );
