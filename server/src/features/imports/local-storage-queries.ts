/** SQL of what is taken over from an older version. Contents: knownIds · saveIds · setParents */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

export type Kind = 'portfolio' | 'holding' | 'trade';

/** What was taken over before and is still there: by kind, what it was called there and its id here. */
export const knownIds = async (tx: Tx, userId: string): Promise<Record<Kind, Map<string, string>>> => {
  const found = await sql<{ kind: Kind; source: string; target: string }>`
    select i.kind, i.source_id as source, i.target_id as target from pm.imported_ids i
    where i.user_id = ${userId}::uuid and i.source = 'local_storage' and case i.kind
      when 'portfolio' then exists (select from pm.portfolios p where p.id = i.target_id and p.deleted_at is null)
      when 'holding' then exists (select from pm.holdings h where h.id = i.target_id and h.deleted_at is null)
      else exists (select from pm.trades t where t.id = i.target_id and t.deleted_at is null) end`.execute(
    tx,
  );
  const known = {
    portfolio: new Map<string, string>(),
    holding: new Map<string, string>(),
    trade: new Map<string, string>(),
  };
  for (const { kind, source, target } of found.rows) known[kind].set(source, target);
  return known;
};

export type TakenId = { readonly kind: Kind; readonly source: string; readonly target: string };

export const saveIds = async (tx: Tx, userId: string, ids: readonly TakenId[]): Promise<void> => {
  if (ids.length === 0) return;
  await sql`
    insert into pm.imported_ids (user_id, source, kind, source_id, target_id)
    select ${userId}::uuid, 'local_storage', w.kind, w.source, w.target
    from unnest(${ids.map((one) => one.kind)}::text[], ${ids.map((one) => one.source)}::text[],
      ${ids.map((one) => one.target)}::uuid[]) as w (kind, source, target)
    on conflict (user_id, source, kind, source_id) do update set target_id = excluded.target_id`.execute(tx);
};

/** Says which portfolio each was copied from. */
export const setParents = async (
  tx: Tx,
  parents: readonly { readonly id: string; readonly parentId: string }[],
): Promise<void> => {
  if (parents.length === 0) return;
  await sql`update pm.portfolios p set parent_id = w.parent
    from unnest(${parents.map((one) => one.id)}::uuid[], ${parents.map((one) => one.parentId)}::uuid[]) as w (id, parent)
    where p.id = w.id`.execute(tx);
};
