/**
 * Taking in an issuer's file over HTTP, against splitting the same file into cells and `COPY`-ing the rows that were
 * written into bare tables with the same columns and indexes.
 *
 * The bare tables have no row-level security (`COPY FROM` refuses tables that have it), no foreign keys, no checks and
 * no triggers.
 */
import type pg from 'pg';

import { copyIn, copyOut } from '../copy.ts';
import { fundFile, parseCsv } from '../fund-file.ts';
import { parsedBodies, requestBytes } from '../http-load.ts';
import { interleave, spreadOf } from '../measure.ts';
import { requireEqual } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';

type Report = {
  readonly importId: string;
  readonly rows: number;
  readonly matched: number;
  readonly created: number;
};

/** A table that an import writes, and which of its rows an import wrote. */
type Written = { readonly table: string; readonly where: string };

const THIS = '(select i.id from pm.constituent_imports i where i.id = $import)';
const AT_THAT_TIME = '(select i.created_at from pm.constituent_imports i where i.id = $import)';
const CONSTITUENTS: Written = { table: 'constituents', where: `import_id = ${THIS}` };
const NEW_SECURITIES: readonly Written[] = [
  { table: 'instruments', where: `created_at = ${AT_THAT_TIME}` },
  { table: 'instrument_listings', where: `created_at = ${AT_THAT_TIME}` },
  { table: 'instrument_identifiers', where: `created_at = ${AT_THAT_TIME}` },
];

/** Header, day and footer lines of a file beside its rows. */
const OTHER_LINES = 8;

/** The columns of a table that can be written. */
export const columnsOf = async (client: pg.ClientBase, table: string): Promise<string> => {
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
     where attrelid = format('pm.%I', $1::text)::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  return rows[0]?.columns ?? '';
};

/** Makes the bare twin of a table anew. */
export const makeBareTable = async (client: pg.ClientBase, table: string): Promise<void> => {
  await client.query('create schema if not exists bench');
  await client.query(`drop table if exists bench.${table}`);
  await client.query(
    `create table bench.${table} (like pm.${table} including defaults including generated including indexes including storage)`,
  );
};

const importRequest = ({ install }: Bench, fundId: string, file: Buffer): Uint8Array =>
  requestBytes({
    method: 'POST',
    path: `/api/instruments/${fundId}/constituents?fileName=holdings.csv`,
    token: install.person.token,
    headers: { 'content-type': 'text/csv' },
    body: file,
  });

const importOnce = async (
  bench: Bench,
  fundId: string,
  file: Buffer,
): Promise<{ readonly ms: number; readonly report: Report }> => {
  const answer = await bench.load.run({
    port: bench.install.port,
    lanes: [{ requests: [importRequest(bench, fundId, file)], times: 1 }],
    status: 201,
  });
  const report = parsedBodies<Report>(answer)[0]?.[0];
  if (report === undefined) throw new Error('The import was not answered.');
  return { ms: answer.ms, report };
};

type Copied = { readonly table: string; readonly columns: string; readonly rows: Buffer };

/** The rows that an import wrote, in the form in which `COPY` takes them. */
const writtenRows = async (
  client: pg.ClientBase,
  tables: readonly Written[],
  importId: string,
): Promise<readonly Copied[]> => {
  const copied: Copied[] = [];
  for (const { table, where } of tables) {
    const columns = await columnsOf(client, table);
    const chosen = where.replaceAll('$import', `'${importId}'`);
    const rows = await copyOut(client, `copy (select ${columns} from pm.${table} where ${chosen}) to stdout`);
    copied.push({ table, columns, rows });
  }
  return copied;
};

/** Reads the file and copies the rows. @returns milliseconds for both parts, and the records that were read */
const bareImport = async (client: pg.ClientBase, file: Buffer, copied: readonly Copied[]) => {
  const began = performance.now();
  const records = parseCsv(file).length;
  const parsed = performance.now();
  await client.query('begin');
  for (const { table, columns, rows } of copied) {
    if (rows.length > 0) await copyIn(client, `copy bench.${table} (${columns}) from stdin`, rows);
  }
  await client.query('commit');
  return { parseMs: parsed - began, copyMs: performance.now() - parsed, records };
};

/** @throws {Error} unless the bare tables hold exactly the rows that the import wrote */
const requireSameRows = async (
  client: pg.ClientBase,
  tables: readonly Written[],
  importId: string,
): Promise<void> => {
  for (const { table, where } of tables) {
    const columns = await columnsOf(client, table);
    const chosen = where.replaceAll('$import', `'${importId}'`);
    const { rows } = await client.query<{ ours: number; theirs: number; missing: number }>(
      `select (select count(*)::int from pm.${table} where ${chosen}) as ours,
         (select count(*)::int from bench.${table} where ${chosen}) as theirs,
         (select count(*)::int from (select ${columns} from pm.${table} where ${chosen}
           except select ${columns} from bench.${table}) as lost) as missing`,
    );
    requireEqual(
      `The rows of ${table}`,
      { count: rows[0]?.ours, missing: 0 },
      {
        count: rows[0]?.theirs,
        missing: rows[0]?.missing,
      },
    );
  }
};

type Variant = {
  readonly fundName: string;
  readonly tables: readonly Written[];
  /** The first company of the file of a round. */
  readonly firstCompany: (round: number) => number;
  /** Whether the securities are known before the first round. */
  readonly isKnown: boolean;
};

const makeFund = async ({ install }: Bench, name: string): Promise<string> => {
  const fund = { type: 'ETF', ticker: name.replaceAll(/[^A-Z]/gu, '').slice(0, 5), name, currency: 'USD' };
  return ((await install.send('POST', '/api/instruments', 201, fund)) as { readonly id: string }).id;
};

const runVariant = async (bench: Bench, variant: Variant): Promise<Outcome> => {
  const { fundRows: rows, importRounds } = bench.sizes;
  const { fundName: name, tables, firstCompany, isKnown } = variant;
  const fundId = await makeFund(bench, name);
  const fileOf = (round: number, daysAgo: number): Buffer =>
    fundFile({
      name,
      rows,
      asOf: bench.today.subtract({ days: daysAgo }),
      firstCompany: firstCompany(round),
    });
  if (isKnown) await importOnce(bench, fundId, fileOf(0, 400));
  const client = await bench.owner.connect();
  const parts: { parseMs: number; copyMs: number }[] = [];
  const last: { file: Buffer; report: Report | undefined } = { file: Buffer.alloc(0), report: undefined };
  try {
    for (const { table } of tables) await makeBareTable(client, table);
    const comparison = await interleave(
      'ms',
      { ...bench.pace, warmUps: 1, rounds: importRounds },
      {
        ours: async (round) => {
          last.file = fileOf(round, round + 1);
          const { ms, report } = await importOnce(bench, fundId, last.file);
          const expected = { rows, matched: rows, isNew: !isKnown };
          requireEqual(
            'The report and the file',
            { ...expected },
            {
              rows: report.rows,
              matched: report.matched,
              isNew: report.created >= rows - 1,
            },
          );
          last.report = report;
          return ms;
        },
        baseline: async () => {
          const importId = last.report?.importId ?? '';
          const copied = await writtenRows(client, tables, importId);
          const { parseMs, copyMs, records } = await bareImport(client, last.file, copied);
          requireEqual('The records of the file', records, rows + OTHER_LINES);
          await requireSameRows(client, tables, importId);
          parts.push({ parseMs, copyMs });
          return parseMs + copyMs;
        },
      },
    );
    const [parse, copy] = [
      spreadOf(parts.map((one) => one.parseMs)),
      spreadOf(parts.map((one) => one.copyMs)),
    ];
    const said = `${rows} rows; baseline: parsing ${parse.median.toFixed(1)} ms, COPY ${copy.median.toFixed(1)} ms`;
    return { comparison, notes: [said] };
  } finally {
    client.release();
  }
};

export const importRows: readonly Row[] = [
  {
    name: 'import, securities known',
    baseline: 'bare CSV parser + COPY',
    target: { atMost: 3 },
    run: async (bench) =>
      runVariant(bench, {
        fundName: 'Northwind KNOWN Equity ETF',
        tables: [CONSTITUENTS],
        firstCompany: () => 0,
        isKnown: true,
      }),
  },
  {
    name: 'import, all securities new',
    baseline: 'bare CSV parser + COPY',
    target: { atMost: 3 },
    run: async (bench) =>
      runVariant(bench, {
        fundName: 'Northwind FRESH Equity ETF',
        tables: [...NEW_SECURITIES, CONSTITUENTS],
        firstCompany: (round) => (round + 1) * (bench.sizes.fundRows + 1),
        isKnown: false,
      }),
  },
];
