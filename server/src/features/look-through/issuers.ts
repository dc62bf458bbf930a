/** Who issued what is held. Contents: issuersOf */
import { groupByIssuer, heldIn } from '@pm/domain/look-through';
import type { IssuerOf, LookedThrough } from '@pm/domain/look-through';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** The issuers of everything at the bottom, grouped among themselves. One statement. */
export const issuersOf = async (tx: Tx, looked: LookedThrough): Promise<IssuerOf> => {
  const ids = heldIn(looked);
  if (ids.length === 0) return new Map();
  const found = await sql<{ id: string; name: string; issuer_keys: readonly string[] }>`
    select i.id, i.name, i.issuer_keys from pm.instruments i
    where i.id = any (${ids}::uuid[]) and i.issuer_keys <> '{}'`.execute(tx);
  return groupByIssuer(
    found.rows.map(({ id, name, issuer_keys: issuerKeys }) => ({ instrumentId: id, name, issuerKeys })),
  );
};
