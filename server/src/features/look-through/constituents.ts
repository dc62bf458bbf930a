/**
 * What a fund holds, as it was imported.
 *
 * Contents: listConstituents
 */
import { dec, decimalText } from '@pm/domain/money';
import { sql } from 'kysely';

import { readInstrument } from '#features/instruments';
import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';
import { badRequest } from '#platform/errors.ts';

type Row = {
  readonly id: string;
  readonly ticker: string | null;
  readonly isin: string | null;
  readonly name: string;
  readonly weight: string;
  readonly market_value: string | null;
  readonly sector: string | null;
  readonly industry: string | null;
  readonly country: string | null;
  readonly currency: string | null;
  readonly asset_class: string | null;
  readonly sector_published: string | null;
  readonly industry_published: string | null;
  readonly country_published: string | null;
  readonly row_numbers: readonly number[];
};

type Import = {
  readonly id: string;
  readonly as_of: Temporal.PlainDate;
  readonly format: string;
  readonly weight_sum: string;
};

/** A place in the list: heaviest first, then by id. */
const readPlace = (cursor: string | undefined): { weight: string; id: string } | null => {
  if (cursor === undefined) return null;
  const match = /^(-?\d{1,20}(?:\.\d{1,18})?)_([0-9a-f-]{36})$/.exec(cursor);
  const [, weight, id] = match ?? [];
  if (weight === undefined || id === undefined || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    throw badRequest(
      'bad_cursor',
      'The cursor is not one that a list answered; start again without it.',
      'cursor',
    );
  }
  return { weight, id };
};

/** The rows of the version that counts on the day, heaviest first. @throws {AppError} 404; 400 `bad_cursor` */
export const listConstituents = async (
  tx: Tx,
  fundId: string,
  query: { limit?: number; cursor?: string },
  moment: Moment,
) => {
  await readInstrument(tx, fundId);
  const limit = query.limit ?? DEFAULT_PAGE;
  const place = readPlace(query.cursor);
  const version = await versionOf(tx, fundId, moment.day);
  if (!version) {
    return { importId: null, asOf: null, format: null, weightSumPct: null, items: [], nextCursor: null };
  }
  const found = await sql<Row>`
    select c.child_instrument_id as id, c.ticker, c.isin, c.name, c.weight, c.market_value, c.sector, c.industry, c.country,
      c.currency, c.asset_class, c.sector_published, c.industry_published, c.country_published, c.row_numbers
    from pm.constituents c
    where c.import_id = ${version.id}::uuid
      and (${place === null}::boolean or (-c.weight, c.child_instrument_id) > (-${place?.weight ?? '0'}::numeric, ${place?.id ?? null}::uuid))
    order by -c.weight, c.child_instrument_id
    limit ${limit + 1}`.execute(tx);
  const page = found.rows.slice(0, limit);
  const last = found.rows.length > limit ? page.at(-1) : undefined;
  return {
    importId: version.id,
    asOf: version.as_of.toString(),
    format: version.format,
    weightSumPct: dec(version.weight_sum).toNumber(),
    items: page.map(rowAnswer),
    nextCursor: last === undefined ? null : `${decimalText(dec(last.weight))}_${last.id}`,
  };
};

const versionOf = async (tx: Tx, fundId: string, day: Temporal.PlainDate): Promise<Import | undefined> => {
  const found = await sql<Import>`
    select i.id, i.as_of, i.format, i.weight_sum from pm.constituent_imports i
    where i.parent_instrument_id = ${fundId}::uuid and i.status = 'active' and i.as_of <= ${day}::date
    order by i.as_of desc, i.owner_user_id nulls last, i.id desc limit 1`.execute(tx);
  return found.rows[0];
};

const rowAnswer = (row: Row) => ({
  instrumentId: row.id,
  ticker: row.ticker,
  isin: row.isin,
  name: row.name,
  weightPct: decimalText(dec(row.weight)),
  marketValue: row.market_value === null ? null : decimalText(dec(row.market_value)),
  sector: row.sector ?? 'Unclassified',
  industry: row.industry ?? 'Unclassified',
  country: row.country ?? 'Unclassified',
  currency: row.currency,
  assetClass: row.asset_class ?? 'Unclassified',
  publishedSector: row.sector_published,
  publishedIndustry: row.industry_published,
  publishedCountry: row.country_published,
  rowNumbers: [...row.row_numbers],
});
