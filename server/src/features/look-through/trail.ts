/**
 * How one company is held: every way, each step down to the row of the file that says so.
 *
 * Contents: companyAnswer
 */
import type { ExplainedCompany } from '@pm/contracts/look-through';
import { pathsTo } from '@pm/domain/look-through';
import type { Basis, ExposurePath } from '@pm/domain/look-through';
import { dec, decimalText } from '@pm/domain/money';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { notFound } from '#platform/errors.ts';
import { badCursor, DEFAULT_PAGE } from '#platform/paging.ts';

import { lookedThrough } from './exposure.ts';
import { describeIn, inEachSight } from './subjects.ts';
import type { Subject } from './subjects.ts';

type Answer = Static<typeof ExplainedCompany>;
type Row = NonNullable<Answer['items'][number]['steps'][number]['row']>;
type Query = { readonly basis?: Basis; readonly limit?: number; readonly cursor?: string };

/**
 * The ways to a company, the largest first. One that is not held has none and 0 %.
 * @throws {AppError} 404 for an instrument that the person may not see; 400 `bad_cursor`
 */
export const companyAnswer = async (
  tx: Tx,
  subject: Subject,
  instrumentId: string,
  query: Query,
  moment: Moment,
): Promise<Answer> => {
  const company = (await describeIn(tx, subject, [instrumentId])).get(instrumentId);
  if (company === undefined) throw notFound('instrument');
  const limit = query.limit ?? DEFAULT_PAGE;
  const from = query.cursor === undefined ? 0 : readOffset(query.cursor);
  const basis = query.basis ?? 'published';
  const { looked, graph } = await lookedThrough(tx, subject, { basis });
  // Whatever it is: a person may ask of the cash or of a fund that is not known too.
  const paths = pathsTo(looked, [instrumentId], { everything: true }).paths.get(instrumentId) ?? [];
  const page = paths.slice(from, from + limit);
  const found = await inEachSight(tx, subject, async () => rowsBehind(tx, page, instrumentId));
  const rows = new Map(found.toReversed().flatMap((one) => [...one]));
  const nameOf = (id: string): string =>
    id === instrumentId ? company.name : (graph.instruments.get(id)?.name ?? id);
  return {
    asOf: moment.day.toString(),
    basis,
    instrumentId,
    name: company.name,
    ticker: company.ticker,
    isin: company.isin,
    pct: paths.reduce((sum, path) => sum + path.pct, 0),
    pathCount: paths.length,
    items: page.map((path) => ({
      pct: path.pct,
      holdings: subject.holdings
        .filter(
          (holding) => holding.instrumentId === (path.via[0] ?? instrumentId) && holding.sight === path.seen,
        )
        .map(({ holdingId, account, pct }) => ({ holdingId, account, pct })),
      steps: [...path.via, instrumentId].map((id, at) => {
        const inFundId = path.via[at - 1] ?? null;
        return {
          instrumentId: id,
          name: nameOf(id),
          inFundId,
          pct: path.steps[at] ?? 0,
          row: rows.get(`${path.imports[at - 1] ?? ''} ${id}`) ?? null,
        };
      }),
    })),
    nextCursor: from + limit < paths.length ? String(from + limit) : null,
  };
};

/** Ways have no key of their own that is shorter than themselves; the place in their order is told. */
const readOffset = (cursor: string): number => {
  if (!/^[1-9]\d{0,6}$/u.test(cursor)) throw badCursor();
  return Number(cursor);
};

type StoredRow = {
  readonly import_id: string;
  readonly child_id: string;
  readonly as_of: Temporal.PlainDate;
  readonly format: string;
  readonly file_name: string | null;
  readonly row_numbers: readonly number[];
  readonly name: string;
  readonly ticker: string | null;
  readonly isin: string | null;
  readonly weight: string;
  readonly market_value: string | null;
  readonly sector_published: string | null;
  readonly industry_published: string | null;
  readonly country_published: string | null;
  readonly asset_class_published: string | null;
  readonly currency_published: string | null;
  readonly match_method: string;
};

/** The imported rows that the steps rest on, by import and what is in it. One statement. */
const rowsBehind = async (
  tx: Tx,
  paths: readonly ExposurePath[],
  instrumentId: string,
): Promise<ReadonlyMap<string, Row>> => {
  const wanted = new Map<string, { importId: string; childId: string }>();
  for (const { via, imports } of paths) {
    for (const [at, importId] of imports.entries()) {
      const childId = via[at + 1] ?? instrumentId;
      wanted.set(`${importId} ${childId}`, { importId, childId });
    }
  }
  if (wanted.size === 0) return new Map();
  const pairs = [...wanted.values()];
  const found = await sql<StoredRow>`
    select c.import_id, c.child_instrument_id as child_id, i.as_of, i.format, i.file_name, c.row_numbers, c.name,
      c.ticker, c.isin, c.weight, c.market_value, c.sector_published, c.industry_published, c.country_published,
      c.asset_class_published, c.currency_published, c.match_method
    from unnest(${pairs.map((one) => one.importId)}::uuid[], ${pairs.map((one) => one.childId)}::uuid[])
      as w (import_id, child_id)
    join pm.constituents c on c.import_id = w.import_id and c.child_instrument_id = w.child_id
    join pm.constituent_imports i on i.id = c.import_id`.execute(tx);
  return new Map(found.rows.map((row) => [`${row.import_id} ${row.child_id}`, rowAnswer(row)]));
};

const rowAnswer = (row: StoredRow): Row => ({
  importId: row.import_id,
  asOf: row.as_of.toString(),
  format: row.format,
  fileName: row.file_name,
  rowNumbers: [...row.row_numbers],
  name: row.name,
  ticker: row.ticker,
  isin: row.isin,
  weightPct: decimalText(dec(row.weight)),
  marketValue: row.market_value === null ? null : decimalText(dec(row.market_value)),
  publishedSector: row.sector_published,
  publishedIndustry: row.industry_published,
  publishedCountry: row.country_published,
  publishedAssetClass: row.asset_class_published,
  publishedCurrency: row.currency_published,
  matchMethod: row.match_method,
});
