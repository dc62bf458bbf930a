/**
 * `pm verify`: every holding's quantity, cost and overdraft again from its trades, and every cost that a transfer carries,
 * compared with what is stored. Reads only.
 *
 * A holding is replayed with the costs that its transfers are stored to have brought; those are compared with what left
 * the other end, and that with the replay of the other end. So all of them together prove the whole.
 */
import { PORTFOLIO_TERMS, replay } from '@pm/domain/ledger';
import type { HoldingReplay, Position } from '@pm/domain/ledger';
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

type StoredHolding = {
  readonly id: string;
  readonly qty: string;
  readonly cost_basis: string;
  readonly overdraft: boolean;
};
/** A trade with the cost that left the other end of its transfer; null for what is none. */
type StoredTrade = TradeRow & { readonly left_cost: string | null };
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
    .select(['id', 'qty', 'cost_basis', 'overdraft'])
    .where('id', '>', after)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(BATCH)
    .execute();
  const ids = holdings.map((one) => one.id);
  const found = await sql<StoredTrade>`
    select t.*, o.carried_cost as left_cost from pm.trades t
    left join pm.trades o on t.type = 'transfer_in' and o.event_id = t.event_id and o.type = 'transfer_out' and o.deleted_at is null
    where t.holding_id = any (${ids}::uuid[]) and t.deleted_at is null`.execute(tx);
  return { holdings, trades: found.rows };
};

const written = (position: Position): string =>
  `${decimalText(position.qty)} costing ${decimalText(position.cost)}`;

const compare = (holding: StoredHolding, trades: readonly StoredTrade[]): Difference[] => {
  const result = replay(trades.map(ledgerTrade));
  const position = { qty: dec(holding.qty), cost: dec(holding.cost_basis) };
  const stored = `${written(position)}${holding.overdraft ? ', overdrawn' : ''}`;
  if ('oversold' in result) {
    const replayed = `a sale of more than is held on ${result.trade.date.toString()}`;
    return [{ holdingId: holding.id, stored, replayed }];
  }
  const replayed = `${written(result.position)}${result.position.qty.isNegative() ? ', overdrawn' : ''}`;
  return [
    ...(stored === replayed ? [] : [{ holdingId: holding.id, stored, replayed }]),
    ...carriedDifferences(holding.id, trades, result),
  ];
};

/** Transfers whose stored cost is not what left this holding, or not what left the other end. */
const carriedDifferences = (
  holdingId: string,
  trades: readonly StoredTrade[],
  { steps }: HoldingReplay,
): Difference[] => {
  const left = new Map(trades.map((trade) => [trade.id, trade.left_cost]));
  return steps.flatMap(({ trade, money }) => {
    if (trade.carriedCost === null) return [];
    const other = left.get(trade.id) ?? null;
    const carried = other === null ? money.gross : PORTFOLIO_TERMS.carried(trade, dec(other));
    if (trade.carriedCost.equals(carried)) return [];
    const day = `on ${trade.date.toString()}`;
    return [
      {
        holdingId,
        stored: `a transfer ${day} carrying ${decimalText(trade.carriedCost)}`,
        replayed: decimalText(carried),
      },
    ];
  });
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
