/** The first page of a long list of holdings with their values, against that of a short one. */
import { parsedBodies, rateOf, requestBytes } from '../http-load.ts';
import { interleave } from '../measure.ts';
import { COMMON_HOLDINGS, requireEqual, turnsFor, withClient } from '../row.ts';
import type { Bench, Outcome, Row } from '../row.ts';
import { analyse, makePortfolio, seedHoldings, seedMarket } from '../seed.ts';

type Page = { readonly items: readonly Record<string, unknown>[] };

/** Items without what tells one list from the other. */
const contentsOf = (page: Page): unknown =>
  page.items.map(
    ({ id: _id, portfolioId: _portfolio, createdAt: _made, updatedAt: _changed, ...rest }) => rest,
  );

const seedList = async (bench: Bench, name: string, count: number): Promise<Uint8Array> => {
  const { install, worker, today, instruments } = bench;
  const id = await makePortfolio(install, name);
  await withClient(worker, async (client) => {
    const more =
      count > instruments.length ? await seedMarket(client, count - instruments.length, install.now) : [];
    const portfolio = { id, userId: install.person.id, today };
    await seedHoldings(client, portfolio, [...instruments, ...more].slice(0, count), 2n);
  });
  const path = `/api/portfolios/${id}/holdings?limit=${COMMON_HOLDINGS}`;
  return requestBytes({ method: 'GET', path, token: install.person.token });
};

const run = async (bench: Bench): Promise<Outcome> => {
  const { load, install, sizes } = bench;
  const short = await seedList(bench, 'A short list', COMMON_HOLDINGS);
  const long = await seedList(bench, 'A long list', sizes.manyHoldings);
  await withClient(bench.owner, analyse);
  const rate = async (request: Uint8Array, turns: number, connections = sizes.connections) => {
    const lanes = Array.from({ length: connections }, () => ({ requests: [request], times: turns }));
    const answer = await load.run({ port: install.port, lanes, status: 200 });
    return { page: parsedBodies<Page>(answer)[0]?.[0], perSecond: rateOf({ lanes }, answer) };
  };
  const [longPage, shortPage] = [(await rate(long, 1, 1)).page, (await rate(short, 1, 1)).page];
  if (longPage === undefined || shortPage === undefined) throw new Error('A list was not answered.');
  requireEqual('The length of the page', longPage.items.length, COMMON_HOLDINGS);
  requireEqual('The pages', contentsOf(longPage), contentsOf(shortPage));
  await rate(long, 5);
  const turns = turnsFor(sizes, (await rate(long, 10)).perSecond);
  const millis = async (request: Uint8Array): Promise<number> =>
    (1000 * sizes.connections) / (await rate(request, turns)).perSecond;
  const comparison = await interleave('ms', bench.pace, {
    ours: async () => millis(long),
    baseline: async () => millis(short),
  });
  return { comparison, notes: [`${sizes.manyHoldings} holdings`] };
};

export const holdingsRow: Row = {
  name: 'first page of many holdings',
  baseline: 'the same of 50 holdings',
  target: { atMost: 2 },
  run,
};
