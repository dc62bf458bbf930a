/**
 * Recording a broker's statement of thousands of purchases over HTTP, against `COPY`-ing the rows that it wrote into a bare
 * table with the same columns and indexes: no row-level security, no foreign keys, no checks, no triggers.
 */
import { copyIn, copyOut } from '../copy.ts';
import { parsedBodies, requestBytes } from '../http-load.ts';
import { interleave } from '../measure.ts';
import { requireEqual, withClient } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { makePortfolio } from '../seed.ts';
import { columnsOf, makeBareTable } from './imports.ts';

const TRADES = 10_000;
const DAYS = 2_500;

type Report = { readonly importId: string; readonly recorded: number; readonly trades: number };

/** Purchases of all shares in pounds by turns, oldest first, over some years. */
const statementFile = (tickers: readonly string[], today: Temporal.PlainDate): Buffer => {
  const lines = ['Date,Type,Ticker,Exchange,Quantity,Price,Amount,Fees,Reference'];
  for (let at = 0; at < TRADES; at += 1) {
    const day = today.subtract({ days: DAYS - Math.floor((at * DAYS) / TRADES) });
    const price = `${10 + (at % 7)}.${String(at % 100).padStart(2, '0')}`;
    lines.push(
      `${day.toString()},Buy,${tickers[at % tickers.length] ?? ''},XLON,${1 + (at % 9)},${price},,1.50,R${at}`,
    );
  }
  return Buffer.from(`${lines.join('\n')}\n`);
};

const tickersOf = async ({ worker, instruments }: Bench): Promise<string[]> => {
  const ids = instruments.filter((one) => one.currency === 'GBP').map((one) => one.id);
  const { rows } = await withClient(worker, async (client) =>
    client.query<{ ticker: string }>(
      'select ticker from pm.instrument_listings where instrument_id = any ($1) order by id',
      [ids],
    ),
  );
  return rows.map((row) => row.ticker);
};

const recordOnce = async (
  bench: Bench,
  file: Buffer,
  name: string,
): Promise<{ ms: number; report: Report }> => {
  const portfolioId = await makePortfolio(bench.install, name);
  const request = requestBytes({
    method: 'POST',
    path: `/api/imports/statements?portfolioId=${portfolioId}&account=ISA&settle=false`,
    token: bench.install.person.token,
    headers: { 'content-type': 'text/csv' },
    body: file,
  });
  const answer = await bench.load.run({
    port: bench.install.port,
    lanes: [{ requests: [request], times: 1 }],
    status: 201,
  });
  const report = parsedBodies<Report>(answer)[0]?.[0];
  if (report === undefined) throw new Error('The statement was not answered.');
  requireEqual('The report and the file', [TRADES, TRADES], [report.recorded, report.trades]);
  return { ms: answer.ms, report };
};

const run = async (bench: Bench): Promise<Outcome> => {
  const file = statementFile(await tickersOf(bench), bench.today);
  const last = { importId: '' };
  return withClient(bench.owner, async (client) => {
    await makeBareTable(client, 'trades');
    const columns = await columnsOf(client, 'trades');
    const comparison = await interleave(
      'ms',
      { ...bench.pace, warmUps: 1, rounds: bench.sizes.importRounds },
      {
        ours: async (round) => {
          const { ms, report } = await recordOnce(bench, file, `Statement ${round}`);
          last.importId = report.importId;
          return ms;
        },
        baseline: async () => {
          const chosen = `import_id = '${last.importId}'`;
          const rows = await copyOut(
            client,
            `copy (select ${columns} from pm.trades where ${chosen}) to stdout`,
          );
          const began = performance.now();
          await client.query('begin');
          await copyIn(client, `copy bench.trades (${columns}) from stdin`, rows);
          await client.query('commit');
          const ms = performance.now() - began;
          const found = await client.query<{ count: number }>(
            `select count(*)::int as count from bench.trades where ${chosen}`,
          );
          requireEqual('The rows', TRADES, found.rows[0]?.count);
          return ms;
        },
      },
    );
    return { comparison, notes: [`${TRADES} trades of 25 holdings, from CSV, without cash`] };
  });
};

export const statementRow: Row = {
  name: `statement of ${TRADES} trades`,
  baseline: 'COPY of the same rows',
  target: { atMost: 3 },
  run,
};
