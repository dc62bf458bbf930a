/**
 * The companies that something really holds: found, filtered, sorted, page by page.
 *
 * Contents: CompaniesFilter · companiesAnswer · companiesTable
 */
import type { HeldCompanies } from '@pm/contracts/look-through';
import { csvDocument } from '@pm/domain/csv';
import { companiesIn, DIMENSIONS, foldTerm, heldIn, pathsTo } from '@pm/domain/look-through';
import type {
  Basis,
  CompanyFilter,
  Dimension,
  HeldCompany,
  LookedThrough,
  LookThroughGraph,
} from '@pm/domain/look-through';
import { sql } from 'kysely';
import type { Static } from 'typebox';

import type { Moment } from '#features/valuation';
import type { Tx } from '#platform/database/index.ts';
import { unprocessable } from '#platform/errors.ts';
import { DEFAULT_PAGE } from '#platform/paging.ts';

import { lookedThrough } from './exposure.ts';
import { placeOrder, placeText, readPlace } from './place.ts';
import type { Order, Place, Sort } from './place.ts';
import { describeIn, inEachSight } from './subjects.ts';
import type { Subject } from './subjects.ts';

/** Ways that are listed with each company; one company's own address lists all. */
const PATHS_SHOWN = 10;

/** What is asked for, but for the page. */
export type CompaniesFilter = Partial<Record<Dimension, string>> & {
  readonly basis?: Basis;
  readonly q?: string;
  readonly kinds?: 'companies' | 'everything';
  readonly sort?: Sort;
  readonly order?: 'asc' | 'desc';
};
type CompaniesQuery = CompaniesFilter & { readonly limit?: number; readonly cursor?: string };

/** Found companies with what their ways are found from. */
type Found = {
  readonly looked: LookedThrough;
  readonly graph: LookThroughGraph;
  readonly filter: CompanyFilter;
  /** In the order asked for. */
  readonly places: ReadonlyArray<{ readonly company: HeldCompany; readonly place: Place }>;
  readonly pct: number;
};

/** One page of the companies. @throws {AppError} 400 `bad_cursor` */
export const companiesAnswer = async (
  tx: Tx,
  subject: Subject,
  query: CompaniesQuery,
  moment: Moment,
): Promise<Static<typeof HeldCompanies>> => {
  const limit = query.limit ?? DEFAULT_PAGE;
  const { by } = sortOf(query);
  const after = query.cursor === undefined ? null : readPlace(query.cursor, by);
  const found = await findCompanies(tx, subject, query);
  const compare = placeOrder(sortOf(query));
  const rest = after === null ? found.places : found.places.filter(({ place }) => compare(place, after) > 0);
  const page = rest.slice(0, limit);
  const last = rest.length > limit ? page.at(-1) : undefined;
  return {
    asOf: moment.day.toString(),
    basis: query.basis ?? 'published',
    count: found.places.length,
    pct: found.pct,
    items: await describeCompanies(
      tx,
      subject,
      found,
      page.map((one) => one.company),
    ),
    nextCursor: last === undefined ? null : placeText(last.place, by),
  };
};

/** The most rows of a table: more than any portfolio of funds had, and some 20 MB. */
const MAX_TABLE_ROWS = 50_000;

const COLUMNS = [
  'Name',
  'Ticker',
  'ISIN',
  'Kind',
  'Region',
  'Country',
  'Sector',
  'Industry',
  'Currency',
  'Asset class',
  'Share %',
  'Share in all %',
  'Held through',
];

/** All companies that a query asks for, as CSV. @throws {AppError} 422 `too_many_rows` */
export const companiesTable = async (tx: Tx, subject: Subject, query: CompaniesFilter): Promise<string> => {
  const found = await findCompanies(tx, subject, query);
  if (found.places.length > MAX_TABLE_ROWS) {
    throw unprocessable(
      'too_many_rows',
      `A table has at most ${MAX_TABLE_ROWS} rows and this would have ${found.places.length}; ask for a country or a sector only.`,
    );
  }
  const companies = await describeCompanies(
    tx,
    subject,
    found,
    found.places.map((one) => one.company),
  );
  return csvDocument([
    COLUMNS,
    ...companies.map((one) => [
      one.name,
      one.ticker ?? '',
      one.isin ?? '',
      one.kind,
      one.region,
      one.country,
      one.sector,
      one.industry,
      one.currency,
      one.assetClass,
      one.pct.toFixed(6),
      one.totalPct.toFixed(6),
      one.paths
        .map(({ viaNames, pct }) => `${viaNames.join(' > ') || 'directly'} ${pct.toFixed(6)}`)
        .join('; ') + (one.pathCount > one.paths.length ? '; …' : ''),
    ]),
  ]);
};

/** All companies that a query asks for, in its order. */
const findCompanies = async (tx: Tx, subject: Subject, query: CompaniesFilter): Promise<Found> => {
  const { looked, graph } = await lookedThrough(tx, subject, { basis: query.basis ?? 'published' });
  const on = Object.fromEntries(
    DIMENSIONS.flatMap((one) => (query[one] === undefined ? [] : [[one, query[one]]])),
  );
  const found = await inEachSight(tx, subject, async () => searched(tx, query.q, () => heldIn(looked)));
  const where = anyOf(found);
  const filter: CompanyFilter = {
    on,
    everything: query.kinds === 'everything',
    ...(where !== null && { where }),
  };
  const { companies, pct } = companiesIn(looked, filter);
  const compare = placeOrder(sortOf(query));
  const { by } = sortOf(query);
  const places = companies.map((company) => ({ company, place: placeOf(company, by) }));
  // Where nothing is held there is nothing that counts either.
  return {
    looked,
    graph,
    filter,
    places: places.toSorted((a, b) => compare(a.place, b.place)),
    pct: subject.positions.length === 0 ? 0 : pct,
  };
};

/** What somebody finds who may see the instruments. */
const anyOf = (
  found: readonly Awaited<ReturnType<typeof searched>>[],
): Awaited<ReturnType<typeof searched>> => {
  const given = found.filter((one) => one !== null);
  return given.length === 0 ? null : (id, name) => given.some((fits) => fits(id, name));
};

/** Which of some instruments fit what was typed, by words of the name or the begin of a code; null when nothing was. */
export const searched = async (
  tx: Tx,
  typed: string | undefined,
  ids: () => readonly string[],
): Promise<NonNullable<CompanyFilter['where']> | null> => {
  if (typed === undefined || typed.trim() === '') return null;
  const words = foldTerm(typed)
    .split(' ')
    .filter((word) => word !== '');
  const symbol = typed.toUpperCase().replaceAll(/[^A-Z0-9./-]/gu, '');
  const named = symbol === '' ? new Set<string>() : await withSymbol(tx, ids(), symbol);
  return (id, name) => {
    if (named.has(id)) return true;
    const folded = words.length === 0 ? '' : foldTerm(name);
    return words.length > 0 && words.every((word) => folded.includes(word));
  };
};

/** Those of the instruments whose ticker, ISIN, CUSIP or SEDOL begins with the text. */
const withSymbol = async (tx: Tx, ids: readonly string[], symbol: string): Promise<ReadonlySet<string>> => {
  const found = await sql<{ id: string }>`
    select l.instrument_id as id from pm.instrument_listings l
    where l.instrument_id = any (${ids}::uuid[]) and starts_with(upper(l.ticker), ${symbol})
    union
    select n.instrument_id from pm.instrument_identifiers n
    where n.instrument_id = any (${ids}::uuid[]) and starts_with(n.value, ${symbol})`.execute(tx);
  return new Set(found.rows.map((row) => row.id));
};

/** Companies as an answer shows them, with their ways. */
const describeCompanies = async (
  tx: Tx,
  subject: Subject,
  { looked, graph, filter }: Found,
  page: readonly HeldCompany[],
) => {
  const ids = page.map((one) => one.instrumentId);
  const facts = await describeIn(tx, subject, ids);
  const { paths } = pathsTo(looked, ids, filter);
  const nameOf = (id: string): string => graph.instruments.get(id)?.name ?? id;
  return page.map(({ words, ...one }) => {
    const ways = paths.get(one.instrumentId) ?? [];
    const known = facts.get(one.instrumentId);
    return {
      ...one,
      ...words,
      ticker: known?.ticker ?? null,
      isin: known?.isin ?? null,
      paths: ways
        .slice(0, PATHS_SHOWN)
        .map(({ via, pct }) => ({ via: [...via], viaNames: via.map(nameOf), pct })),
      pathCount: ways.length,
    };
  });
};

const placeOf = ({ pct, name, instrumentId }: HeldCompany, by: Sort): Place => ({
  pct: by === 'pct' ? Math.round(pct * 1e9) : 0,
  name: by === 'name' ? foldTerm(name) : '',
  id: instrumentId,
});

const sortOf = ({ sort, order }: CompaniesFilter): Order => ({
  by: sort ?? 'pct',
  isUp: (order ?? (sort === 'name' ? 'asc' : 'desc')) === 'asc',
});
