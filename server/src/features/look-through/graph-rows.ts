/**
 * Rows of instruments and constituents as the domain counts them.
 *
 * Contents: StoredInstrument · INSTRUMENT_COLUMNS · instrumentOf · StoredRow · rowsOfImports
 */
import { countryOfCurrency } from '@pm/domain/look-through';
import type { GraphInstrument } from '@pm/domain/look-through';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import { NO_CURRENCY } from './known-securities.ts';

/** An instrument as far as it counts in an exposure. */
export type StoredInstrument = {
  readonly id: string;
  readonly no: number;
  readonly name: string;
  readonly type: string;
  readonly own_sector: string | null;
  readonly own_industry: string | null;
  readonly own_country: string | null;
  readonly own_currency: string;
  readonly own_asset_class: string | null;
};

/** The columns of a `StoredInstrument`, of a table called `i`. A change of one of them is a new version of its imports. */
export const INSTRUMENT_COLUMNS = sql`i.id, i.no, i.name, i.type, i.sector as own_sector, i.industry as own_industry,
  i.country as own_country, i.currency as own_currency, i.asset_class as own_asset_class`;

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

/** What an instrument counts as by itself. */
export const instrumentOf = (row: StoredInstrument): GraphInstrument => {
  const kind = KIND[row.type] ?? 'security';
  const isMoney = kind === 'cash' || kind === 'derivative';
  return {
    no: row.no,
    name: row.name,
    kind,
    sector: row.own_sector ?? (isMoney ? 'Cash and derivatives' : null),
    industry: row.own_industry,
    country: row.own_country ?? (kind === 'cash' ? countryOfCurrency(row.own_currency) : null),
    currency: row.own_currency === NO_CURRENCY ? null : row.own_currency,
    assetClass: row.own_asset_class ?? ASSET_CLASS[row.type] ?? null,
  };
};

/** A constituent with its security. */
export type StoredRow = StoredInstrument & {
  readonly import_id: string;
  readonly weight: string;
  readonly market_value: string | null;
  readonly sector: string | null;
  readonly industry: string | null;
  readonly country: string | null;
  readonly currency: string | null;
  readonly asset_class: string | null;
};

/** All rows of these imports, in order of the securities' numbers. */
export const rowsOfImports = async (tx: Tx, importIds: readonly string[]): Promise<readonly StoredRow[]> => {
  const found = await sql<StoredRow>`
    select c.import_id, c.weight, c.market_value, c.sector, c.industry, c.country, c.currency, c.asset_class,
      ${INSTRUMENT_COLUMNS}
    from pm.constituents c join pm.instruments i on i.id = c.child_instrument_id
    where c.import_id = any (${importIds}::uuid[])
    order by i.no`.execute(tx);
  return found.rows;
};

/** Types that may have constituents of their own. */
export const FUND_TYPES: ReadonlySet<string> = new Set(['ETF', 'Fund', 'Other']);
