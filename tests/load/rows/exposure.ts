/** What a portfolio of three funds really holds, from nothing, against one round trip that reads its holdings. */
import { fundFile } from '../fund-file.ts';
import { requestBytes } from '../http-load.ts';
import { interleave } from '../measure.ts';
import { requireEqual, withClient } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { analyse, makePortfolio } from '../seed.ts';

/** Companies of the other rows' files have lower numbers. */
const FIRST_COMPANY = 500_000;

type Exposure = {
  readonly funds: readonly { readonly instrumentId: string }[];
  readonly companyCount: number;
  readonly missing: readonly unknown[];
};

const seedFund = async (
  bench: Bench,
  fund: {
    readonly name: string;
    readonly ticker: string;
    readonly rows: number;
    readonly firstCompany: number;
  },
): Promise<string> => {
  const { install, today, now } = { ...bench, now: bench.install.now };
  const { name, ticker, rows, firstCompany } = fund;
  const made = await install.send('POST', '/api/instruments', 201, {
    type: 'ETF',
    ticker,
    name,
    exchange: 'XLON',
    currency: 'GBP',
  });
  const { id } = made as { readonly id: string };
  const file = fundFile({ name, rows, firstCompany, asOf: today.subtract({ days: 1 }) });
  await install.send('POST', `/api/instruments/${id}/constituents`, 201, file);
  await install.send('POST', `/api/instruments/${id}/prices`, 201, {
    dateTime: now.subtract({ hours: 1 }).toString(),
    close: '81.25',
  });
  return id;
};

const run = async (bench: Bench): Promise<Outcome> => {
  const { install, load, sizes } = bench;
  const half = Math.floor(sizes.fundRows / 2);
  const funds = [
    { name: 'Half World ETF', ticker: 'HALF', rows: half, firstCompany: FIRST_COMPANY },
    { name: 'Whole World ETF', ticker: 'WHOLE', rows: sizes.fundRows, firstCompany: FIRST_COMPANY },
    {
      name: 'Other World ETF',
      ticker: 'OTHER',
      rows: sizes.fundRows,
      firstCompany: FIRST_COMPANY + half,
    },
  ];
  const portfolioId = await makePortfolio(install, 'Three funds');
  const ids: string[] = [];
  for (const fund of funds) {
    const instrumentId = await seedFund(bench, fund);
    ids.push(instrumentId);
    await install.send('POST', `/api/portfolios/${portfolioId}/holdings`, 201, {
      instrumentId,
      section: 'Core',
      theme: 'Global Equity',
      account: 'ISA',
      qty: '100',
      avgCost: '70',
    });
  }
  await withClient(bench.owner, analyse);
  const request = requestBytes({
    method: 'GET',
    path: `/api/portfolios/${portfolioId}/exposure`,
    token: install.person.token,
  });
  const lanes = [{ requests: [request], times: 1 }];
  const first = await load.run({ port: install.port, lanes, status: 200 });
  const body = first.bodies[0]?.[0] ?? '';
  const exposure = JSON.parse(body) as Exposure;
  requireEqual('The exposure', [exposure.companyCount >= sizes.fundRows, exposure.missing.length], [true, 0]);
  const held = async (): Promise<readonly string[]> => {
    const { rows } = await bench.worker.query<{ instrument_id: string }>(
      `select h.id, h.instrument_id, h.qty, h.cost_basis, h.section, h.theme, h.account from pm.holdings h
       where h.portfolio_id = $1 and h.deleted_at is null`,
      [portfolioId],
    );
    return rows.map((row) => row.instrument_id).toSorted();
  };
  requireEqual('The funds', exposure.funds.map((fund) => fund.instrumentId).toSorted(), await held());
  requireEqual('The funds', ids.toSorted(), await held());
  const expected = Buffer.from(body);
  const comparison = await interleave('ms', bench.pace, {
    ours: async () => (await load.run({ port: install.port, lanes, expected, status: 200 })).ms,
    baseline: async () => {
      const began = performance.now();
      await held();
      return performance.now() - began;
    },
  });
  return { comparison, notes: [`${exposure.companyCount} companies in 3 funds, ${expected.length} bytes`] };
};

export const exposureRow: Row = {
  name: 'exposure of three funds',
  baseline: 'one bare round trip for its holdings',
  run,
};
