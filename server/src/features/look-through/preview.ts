/**
 * An issuer's file read without storing it, with the funds that it may be of.
 *
 * Contents: previewFile
 */
import { assignFile, sureAssignment } from '@pm/domain/look-through';
import type { ConstituentFile, FundTraits } from '@pm/domain/look-through';
import { dec, decimalText } from '@pm/domain/money';
import { sql } from 'kysely';

import type { Tx } from '#platform/database/index.ts';

import { doubtOf } from './import-file.ts';
import type { ReadFile } from './import-file.ts';

/** The file's heaviest rows by which a fund's last import is recognised. */
const HEAVIEST = 100;
const TOP = 10;
const MAX_CANDIDATES = 10;

type Candidate = {
  readonly id: string;
  readonly name: string;
  readonly ticker: string | null;
  readonly isin: string | null;
  readonly common: number | null;
};

/** Funds without a file that are looked at, the newest: a fund just entered is the likeliest to get its first one. */
const MAX_WAITING = 100;

/**
 * Funds that the person holds, funds that wait for their first file, funds whose ticker or ISIN is in the file's name,
 * and funds that held some of the heaviest rows at their last import.
 */
const candidatesFor = async (
  tx: Tx,
  file: ConstituentFile,
  fileName: string | undefined,
): Promise<readonly Candidate[]> => {
  const codes = (fileName ?? '')
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((code) => code !== '');
  const names = heaviest(file).map((row) => row.name.toLowerCase());
  const found = await sql<Candidate>`
    with latest as (
      select distinct on (i.parent_instrument_id) i.parent_instrument_id as fund_id, i.id
      from pm.constituent_imports i
      where i.status = 'active'
      order by i.parent_instrument_id, i.as_of desc, i.owner_user_id nulls last
    ), common as (
      select l.fund_id, count(distinct lower(c.name)) filter (where lower(c.name) = any (${names}::text[]))::int as common
      from latest l join pm.constituents c on c.import_id = l.id
      group by l.fund_id
    ), waiting as (
      select i.id as fund_id from pm.instruments i
      where i.type in ('ETF', 'Fund')
        and not exists (select 1 from pm.constituent_imports m where m.parent_instrument_id = i.id)
      order by i.id desc limit ${MAX_WAITING}
    ), coded as (
      select l.instrument_id as fund_id from pm.instrument_listings l where l.ticker_key = any (${codes}::text[])
      union
      select n.instrument_id from pm.instrument_identifiers n where n.scheme = 'isin' and n.value = any (${codes}::text[])
    ), held as (
      select distinct h.instrument_id as fund_id from pm.holdings h
      where h.deleted_at is null and h.instrument_id is not null
    )
    select d.id, d.name, d.ticker, d.isin, common.common
    from pm.instrument_details d
    left join common on common.fund_id = d.id
    where d.type in ('ETF', 'Fund') and (
      d.id in (select fund_id from held union select fund_id from waiting union select fund_id from coded)
      or common.common > 0)
    order by common.common desc nulls last, d.id
    limit 500`.execute(tx);
  return found.rows;
};

const heaviest = (file: ConstituentFile) =>
  file.rows
    .filter((row) => row.kind === 'security')
    .toSorted((a, b) => dec(b.weightPct).cmp(dec(a.weightPct)))
    .slice(0, HEAVIEST);

const byCountry = (file: ConstituentFile): Record<string, number> => {
  const shares: Record<string, number> = {};
  for (const row of file.rows) shares[row.country] = (shares[row.country] ?? 0) + Number(row.weightPct);
  return shares;
};

/** What a file says, and whose it may be. */
export const previewFile = async (tx: Tx, { file }: ReadFile, fileName: string | undefined) => {
  const rows = heaviest(file);
  const candidates = await candidatesFor(tx, file, fileName);
  const traits = candidates.map((one): FundTraits => ({
    instrumentId: one.id,
    name: one.name,
    ticker: one.ticker,
    isin: one.isin,
    heldBefore: one.common === null || rows.length === 0 ? null : one.common / rows.length,
  }));
  const known = new Map(candidates.map((one) => [one.id, one]));
  const assigned = assignFile(
    {
      fundName: file.fundName,
      fileName: fileName ?? null,
      rows: file.rows.length,
      byCountry: byCountry(file),
    },
    traits,
  );
  const doubt = doubtOf(file);
  const percent = (text: string): number => dec(text).toDecimalPlaces(10).toNumber();
  return {
    format: file.format,
    fundName: file.fundName,
    asOf: file.asOf?.toString() ?? null,
    rows: file.rows.length,
    weightSumPct: percent(file.totals.weightSumPct),
    cashPct: percent(file.totals.cashPct),
    derivativesPct: percent(file.totals.derivativesPct),
    top: rows.slice(0, TOP).map(({ name, weightPct, country, sector }) => ({
      name,
      weightPct: decimalText(dec(weightPct)),
      country,
      sector,
    })),
    candidates: assigned.slice(0, MAX_CANDIDATES).map((one) => ({
      ...one,
      name: known.get(one.instrumentId)?.name ?? '',
      ticker: known.get(one.instrumentId)?.ticker ?? null,
    })),
    assignedTo: sureAssignment(assigned)?.instrumentId ?? null,
    doubt: doubt?.words ?? null,
    warnings: file.warnings.filter(({ code }) => code !== doubt?.code).map(({ message }) => message),
  };
};
