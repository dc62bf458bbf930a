/** Who issued what is held. Contents: issuersOf */
import { groupByIssuer } from '@pm/domain/look-through';
import type { IssuerOf, LookedThrough } from '@pm/domain/look-through';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** The issuers of everything at the bottom, grouped among themselves. One statement. */
export const issuersOf = async (tx: Tx, { closures }: LookedThrough): Promise<IssuerOf> => {
  const { instrumentIds, names } = closures.numbering;
  if (instrumentIds.length === 0) return new Map();
  const found = await sql<{ id: string; issuer_keys: readonly string[] }>`
    select i.id, i.issuer_keys from pm.instruments i
    where i.id = any (${instrumentIds}::uuid[]) and i.issuer_keys <> '{}'`.execute(tx);
  const nameOf = new Map(instrumentIds.map((id, i) => [id, names[i] ?? '']));
  return groupByIssuer(
    found.rows.map(({ id, issuer_keys: issuerKeys }) => ({
      instrumentId: id,
      name: nameOf.get(id) ?? '',
      issuerKeys,
    })),
  );
};
