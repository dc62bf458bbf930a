/**
 * Loads what an exposure or an overlap needs: the version of each fund that counts on a day, down to the bottom.
 *
 * One statement for the versions and one for the rows of each level of funds, whatever the number of funds.
 * Contents: loadGraph
 */
import { countryOfCurrency, fundVersion, MAX_DEPTH } from '@pm/domain/look-through';
import type { FundRow, FundVersion, GraphInstrument, LookThroughGraph } from '@pm/domain/look-through';
import { dec } from '@pm/domain/money';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import { NO_CURRENCY } from './known-securities.ts';

type Version = {
  readonly id: string;
  readonly fund_id: string;
  readonly as_of: Temporal.PlainDate;
  readonly weight_sum: string;
};

/** Fund by fund the newest import that is not after the day; of two for one day the person's own comes first. */
const versionsOn = async (
  tx: Tx,
  fundIds: readonly string[],
  day: Temporal.PlainDate,
): Promise<readonly Version[]> => {
  const found = await sql<Version>`
    select distinct on (i.parent_instrument_id) i.id, i.parent_instrument_id as fund_id, i.as_of, i.weight_sum
    from pm.constituent_imports i
    where i.parent_instrument_id = any (${fundIds}::uuid[]) and i.status = 'active' and i.as_of <= ${day}::date
    order by i.parent_instrument_id, i.as_of desc, i.owner_user_id nulls last, i.id desc`.execute(tx);
  return found.rows;
};

type StoredRow = {
  readonly import_id: string;
  readonly child_id: string;
  readonly weight: string;
  readonly market_value: string | null;
  readonly sector: string | null;
  readonly country: string | null;
  readonly currency: string | null;
  readonly asset_class: string | null;
} & StoredInstrument;

type StoredInstrument = {
  readonly name: string;
  readonly type: string;
  readonly own_sector: string | null;
  readonly own_country: string | null;
  readonly own_currency: string;
  readonly own_asset_class: string | null;
};

const rowsOf = async (tx: Tx, importIds: readonly string[]): Promise<readonly StoredRow[]> => {
  const found = await sql<StoredRow>`
    select c.import_id, c.child_instrument_id as child_id, c.weight, c.market_value, c.sector, c.country, c.currency,
      c.asset_class, i.name, i.type, i.sector as own_sector, i.country as own_country, i.currency as own_currency,
      i.asset_class as own_asset_class
    from pm.constituents c join pm.instruments i on i.id = c.child_instrument_id
    where c.import_id = any (${importIds}::uuid[])`.execute(tx);
  return found.rows;
};

const instrumentsOf = async (
  tx: Tx,
  ids: readonly string[],
): Promise<readonly (StoredInstrument & { id: string })[]> => {
  const found = await sql<StoredInstrument & { id: string }>`
    select i.id, i.name, i.type, i.sector as own_sector, i.country as own_country, i.currency as own_currency,
      i.asset_class as own_asset_class
    from pm.instruments i where i.id = any (${ids}::uuid[])`.execute(tx);
  return found.rows;
};

const KIND: Readonly<Record<string, GraphInstrument['kind']>> = {
  ETF: 'fund',
  Fund: 'fund',
  Cash: 'cash',
  Derivative: 'derivative',
};

/** Asset class of what is held directly, where nothing more exact is known. */
const ASSET_CLASS: Readonly<Record<string, string>> = {
  Stock: 'Equity',
  Bond: 'Fixed Income',
  ETF: 'Fund',
  Fund: 'Fund',
  Cash: 'Cash',
  Crypto: 'Crypto',
  Property: 'Real Estate',
  Commodity: 'Commodity',
  Derivative: 'Derivative',
};

const instrumentOf = (row: StoredInstrument): GraphInstrument => {
  const kind = KIND[row.type] ?? 'security';
  const isMoney = kind === 'cash' || kind === 'derivative';
  return {
    name: row.name,
    kind,
    sector: row.own_sector ?? (isMoney ? 'Cash and derivatives' : null),
    country: row.own_country ?? (kind === 'cash' ? countryOfCurrency(row.own_currency) : null),
    currency: row.own_currency === NO_CURRENCY ? null : row.own_currency,
    assetClass: row.own_asset_class ?? ASSET_CLASS[row.type] ?? null,
  };
};

const fundRow = (row: StoredRow): FundRow => ({
  childId: row.child_id,
  name: row.name,
  weightPct: row.weight,
  marketValue: row.market_value,
  sector: row.sector,
  country: row.country,
  currency: row.currency,
  assetClass: row.asset_class,
  kind: KIND[row.type] ?? 'security',
});

/** The graph below these instruments, as it counts on a day for the person of the transaction. */
export const loadGraph = async (
  tx: Tx,
  instrumentIds: readonly string[],
  day: Temporal.PlainDate,
): Promise<LookThroughGraph> => {
  const funds = new Map<string, FundVersion>();
  const instruments = new Map<string, GraphInstrument>();
  for (const row of await instrumentsOf(tx, instrumentIds)) instruments.set(row.id, instrumentOf(row));
  let wanted = [...new Set(instrumentIds)];
  const seen = new Set<string>(wanted);
  for (let depth = 0; depth <= MAX_DEPTH && wanted.length > 0; depth += 1) {
    const versions = await versionsOn(tx, wanted, day);
    const rows =
      versions.length === 0
        ? []
        : await rowsOf(
            tx,
            versions.map((version) => version.id),
          );
    const byImport = Map.groupBy(rows, (row) => row.import_id);
    for (const version of versions) {
      const own = (byImport.get(version.id) ?? []).map(fundRow);
      const weightSumPct = dec(version.weight_sum).toNumber();
      funds.set(
        version.fund_id,
        fundVersion({ importId: version.id, asOf: version.as_of.toString(), weightSumPct }, own),
      );
    }
    for (const row of rows) instruments.set(row.child_id, instrumentOf(row));
    wanted = [...new Set(rows.filter((row) => FUND_TYPES.has(row.type)).map((row) => row.child_id))].filter(
      (id) => !seen.has(id),
    );
    for (const id of wanted) seen.add(id);
  }
  return { funds, instruments };
};

/** Types that may have constituents of their own. */
const FUND_TYPES = new Set(['ETF', 'Fund', 'Other']);
