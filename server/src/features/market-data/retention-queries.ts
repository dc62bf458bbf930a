/** SQL of what becomes of prices with the years. Contents: makePartitions · thinPrices · firstPriceMonth · movePartition */
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

/** @returns how many months were made */
export const makePartitions = async (
  tx: Tx,
  from: Temporal.PlainDate,
  to: Temporal.PlainDate,
): Promise<number> => {
  const { rows } = await sql<{ made: number }>`
    select pm.ensure_price_partitions(${from.toString()}::date, ${to.toString()}::date) as made`.execute(tx);
  return rows[0]?.made ?? 0;
};

/** @returns how many prices went */
export const thinPrices = async (
  tx: Tx,
  from: Temporal.PlainDate,
  until: Temporal.PlainDate,
): Promise<number> => {
  const { rows } = await sql<{ gone: string }>`
    select pm.thin_prices(${from.toString()}::date, ${until.toString()}::date) as gone`.execute(tx);
  return Number(rows[0]?.gone ?? 0);
};

/** The first month that there is a partition of; null when there is none. */
export const firstPriceMonth = async (tx: Tx): Promise<Temporal.PlainDate | null> => {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_catalog.pg_inherits h join pg_catalog.pg_class c on c.oid = h.inhrelid
    where h.inhparent = 'pm.prices'::regclass order by 1 limit 1`.execute(tx);
  const [, year, month] = /^prices_(\d{4})_(\d\d)$/u.exec(rows[0]?.name ?? '') ?? [];
  return year === undefined || month === undefined ? null : Temporal.PlainDate.from(`${year}-${month}-01`);
};

/** Takes a month out of the table, or puts it back. @returns false when there is none */
export const movePartition = async (
  tx: Tx,
  act: 'detach' | 'attach',
  month: Temporal.PlainDate,
): Promise<boolean> => {
  const { rows } = await (
    act === 'detach'
      ? sql<{ done: boolean }>`select pm.detach_price_partition(${month.toString()}::date) as done`
      : sql<{ done: boolean }>`select pm.attach_price_partition(${month.toString()}::date) as done`
  ).execute(tx);
  return rows[0]?.done ?? false;
};
