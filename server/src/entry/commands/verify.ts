/**
 * `pm verify`: every holding's quantity and cost again from its trades, compared with what is stored. Reads only.
 */
import { replay } from '@pm/domain/ledger';
import { dec, decimalText } from '@pm/domain/money';
import { ledgerTrade } from '#features/ledger';
import type { TradeRow } from '#features/ledger';
import { withWorker } from '#platform/database/index.ts';
import type { Databases } from '#platform/database/open.ts';
import { sql } from 'kysely';

import { progress } from '../progress.ts';
import { createRuntime, withDatabases } from '../runtime.ts';

/** Holdings compared at once. */
const BATCH = 500;

type StoredHolding = { readonly id: string; readonly qty: string; readonly cost_basis: string };
/** A holding whose stored figures are not those of its trades. */
export type Difference = { readonly holdingId: string; readonly stored: string; readonly replayed: string };
export type Verification = {
  readonly holdings: number;
  readonly trades: number;
  readonly differences: readonly Difference[];
};

/** Compares all live holdings with the replay of their live trades. */
export const verifyLedger = async (
  databases: Pick<Databases, 'worker'>,
  onBatch: (holdings: number) => void = () => undefined,
): Promise<Verification> => {
  const differences: Difference[] = [];
  let after = '00000000-0000-0000-0000-000000000000';
  let holdings = 0;
  let trades = 0;
  for (;;) {
    // One snapshot for both statements, so that a trade recorded in between is in neither or in both.
    const from = after;
    const batch = await withWorker(databases.worker, async (tx) => readBatch(tx, from), {
      isolationLevel: 'repeatable read',
      readOnly: true,
    });
    const last = batch.holdings.at(-1);
    if (!last) return { holdings, trades, differences };
    const byHolding = Map.groupBy(batch.trades, (trade) => trade.holding_id);
    for (const holding of batch.holdings) {
      differences.push(...compare(holding, byHolding.get(holding.id) ?? []));
    }
    after = last.id;
    holdings += batch.holdings.length;
    trades += batch.trades.length;
    onBatch(batch.holdings.length);
  }
};

const readBatch = async (tx: Parameters<Parameters<typeof withWorker>[1]>[0], after: string) => {
  const holdings = await tx
    .selectFrom('holdings')
    .select(['id', 'qty', 'cost_basis'])
    .where('id', '>', after)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(BATCH)
    .execute();
  const ids = holdings.map((one) => one.id);
  const found = await sql<TradeRow>`
    select * from pm.trades where holding_id = any (${ids}::uuid[]) and deleted_at is null order by holding_id, date, seq`.execute(
    tx,
  );
  return { holdings, trades: found.rows };
};

const compare = (holding: StoredHolding, trades: readonly TradeRow[]): Difference[] => {
  const result = replay(trades.map(ledgerTrade));
  const stored = `${decimalText(dec(holding.qty))} costing ${decimalText(dec(holding.cost_basis))}`;
  const replayed =
    'oversold' in result
      ? `a sale of more than is held on ${result.trade.date.toString()}`
      : `${decimalText(result.position.qty)} costing ${decimalText(result.position.cost)}`;
  return stored === replayed ? [] : [{ holdingId: holding.id, stored, replayed }];
};

export const verify = async (): Promise<void> => {
  await withDatabases(createRuntime(true), async (databases) => {
    const counted = await withWorker(databases.worker, async (tx) =>
      tx
        .selectFrom('holdings')
        .select((eb) => eb.fn.countAll<string>().as('count'))
        .where('deleted_at', 'is', null)
        .executeTakeFirstOrThrow(),
    );
    const bar = progress('Replaying', Number(counted.count));
    const { holdings, trades, differences } = await verifyLedger(databases, (count) => bar.step(count));
    for (const one of differences) {
      process.stdout.write(
        `Holding ${one.holdingId}: stored ${one.stored}, its trades give ${one.replayed}.\n`,
      );
    }
    process.stdout.write(
      `${holdings} holdings and ${trades} trades compared, ${differences.length} differences.\n`,
    );
    if (differences.length > 0) process.exitCode = 1;
  });
};
