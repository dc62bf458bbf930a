/**
 * What tells securities apart, for a person who has to say whether two are one.
 *
 * Contents: securityTraits · mustExist
 */
import type { SecurityTraits } from '@pm/contracts/look-through';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import type { Tx } from '#platform/database/index.ts';
import { notFound } from '#platform/errors.ts';

export type Traits = Static<typeof SecurityTraits>;

/** Imports that are looked at for each security, and funds that are named. */
const MAX_IMPORTS = 200;
const MAX_FUNDS = 10;
const MAX_NAMES = 20;

type Row = Omit<Traits, 'instrumentId' | 'scope' | 'heldIn'> & {
  readonly id: string;
  readonly is_shared: boolean;
  readonly held_in: Traits['heldIn'];
};

/** The traits of each of the instruments that the person may see, by id; merged ones are left out. */
export const securityTraits = async (tx: Tx, ids: readonly string[]): Promise<Map<string, Traits>> => {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Row>`
    select i.id, i.name, i.type, i.country, i.currency, i.owner_user_id is null as is_shared,
      array(select n.name from pm.instrument_names n where n.instrument_id = i.id order by n.name limit ${MAX_NAMES}) as "otherNames",
      coalesce((select json_agg(json_build_object('scheme', d.scheme, 'value', d.value, 'isCurrent', d.is_current)
          order by d.scheme, d.is_current desc, d.value)
        from pm.instrument_identifiers d where d.instrument_id = i.id), '[]') as identifiers,
      coalesce((select json_agg(json_build_object('ticker', l.ticker, 'exchange', l.mic) order by l.is_primary desc, l.id)
        from pm.instrument_listings l where l.instrument_id = i.id), '[]') as listings,
      coalesce((select json_agg(f) from (
        select p.id as "instrumentId", p.name, max(m.as_of) as "asOf"
        from (select c.import_id from pm.constituents c where c.child_instrument_id = i.id limit ${MAX_IMPORTS}) c
        join pm.constituent_imports m on m.id = c.import_id and m.status = 'active'
        join pm.instruments p on p.id = m.parent_instrument_id
        group by p.id order by max(m.as_of) desc, p.id limit ${MAX_FUNDS}) f), '[]') as held_in
    from pm.instruments i
    where i.id = any (${[...new Set(ids)]}::uuid[]) and i.merged_into is null`.execute(tx);
  return new Map(
    rows.map(({ id, is_shared: isShared, held_in: heldIn, ...traits }) => [
      id,
      { ...traits, instrumentId: id, scope: isShared ? 'shared' : 'private', heldIn },
    ]),
  );
};

const WHAT = { instruments: 'instrument', constituent_imports: 'import' } as const;

/** Refuses an id that the person may not see; that of a merged instrument is one. @throws {AppError} 404 */
export const mustExist = async (tx: Tx, table: keyof typeof WHAT, id: string): Promise<void> => {
  const { rows } = await sql`select 1 from ${sql.table(`pm.${table}`)} t where t.id = ${id}::uuid`.execute(
    tx,
  );
  if (rows.length === 0) throw notFound(WHAT[table]);
};
