/** Who issued what is held. Contents: issuersOf */
import { groupByIssuer, heldIn } from '@pm/domain/look-through';
import type { IssuerOf, LookedThrough } from '@pm/domain/look-through';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import { inEachSight } from './subjects.ts';
import type { Subject } from './subjects.ts';

/** The issuers of everything at the bottom, grouped among themselves. One statement for each who sees a part of it. */
export const issuersOf = async (tx: Tx, subject: Subject, looked: LookedThrough): Promise<IssuerOf> => {
  const ids = heldIn(looked);
  if (ids.length === 0) return new Map();
  const found = await inEachSight(tx, subject, async () =>
    sql<{ id: string; name: string; issuer_keys: readonly string[] }>`
      select i.id, i.name, i.issuer_keys from pm.instruments i
      where i.id = any (${ids}::uuid[]) and i.issuer_keys <> '{}'`.execute(tx),
  );
  const rows = new Map(found.flatMap((one) => one.rows.map((row) => [row.id, row])));
  return groupByIssuer(
    [...rows.values()].map(({ id, name, issuer_keys: issuerKeys }) => ({
      instrumentId: id,
      name,
      issuerKeys,
    })),
  );
};
