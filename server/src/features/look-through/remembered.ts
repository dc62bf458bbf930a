/**
 * What people said about rows of earlier files, for the rows of this one.
 *
 * Contents: rememberedFor
 */
import { rowKeys } from '@pm/domain/look-through';
import type { PublishedRow, Remembered } from '@pm/domain/look-through';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

type Found = { readonly key: string; readonly id: string; readonly is_open: boolean };

/**
 * A private import knows its owner's answers, which come first, and those that count for everybody; a shared one (`owner`
 * null) those alone. Of several the newest counts, and an answer before an open question.
 */
export const rememberedFor = async (
  tx: Tx,
  rows: readonly PublishedRow[],
  owner: string | null,
): Promise<Remembered> => {
  const asked = await sql`
    select 1 from pm.identity_reviews r where r.owner_user_id is null or r.owner_user_id = ${owner}::uuid limit 1`.execute(
    tx,
  );
  // Most installs never have a question, and making the keys of thousands of rows takes its time.
  if (asked.rows.length === 0) return new Map();
  const keys = rows
    .filter((row) => row.kind === 'security' || row.kind === 'fund')
    .map((row) => rowKeys(row));
  const lines = [...new Set(keys.map((one) => one.line))];
  const identifiers = [...new Set(keys.flatMap((one) => one.identifier ?? []))];
  const { rows: found } = await sql<Found>`
    with hits as (
      select w.key, r.* from unnest(${lines}::text[]) as w (key) cross join lateral (
        select * from pm.identity_reviews r where r.row_key = w.key offset 0) r
      union all
      select w.key, r.* from unnest(${identifiers}::text[]) as w (key) cross join lateral (
        select * from pm.identity_reviews r where r.identifier_key = w.key offset 0) r
    )
    select distinct on (h.key) h.key, i.id, h.status = 'open' as is_open
    from hits h join pm.instruments i
      on i.id = case h.status when 'same' then h.chosen_instrument_id else h.child_instrument_id end
    where (h.owner_user_id is null or h.owner_user_id = ${owner}::uuid) and i.merged_into is null
      and (i.owner_user_id is null or i.owner_user_id = ${owner}::uuid)
    order by h.key, h.status = 'open', h.owner_user_id nulls last, h.decided_at desc nulls last, h.id desc`.execute(
    tx,
  );
  return new Map(found.map((one) => [one.key, { instrumentId: one.id, isOpen: one.is_open }]));
};
