/**
 * A stand-in for providers of prices and rates, on this machine and a free port; it speaks HTTP as they were seen to.
 *
 *   const stub = await startProviderStub();
 *   stub.answer('/quote?symbol=ACME', { json: { c: 517.96, pc: 0, t: 1585296137 } });
 *   stub.answer('/quote?symbol=SLOW', { manner: 'never' });
 *   … FINNHUB_BASE_URL = stub.url …
 *   stub.requests                     // method-less lines, `/quote?symbol=ACME`, in order
 *   stub.headers                      // what was sent along with each
 *   await stub.close();
 *
 * A key answers every request whose path is the same and whose query has at least what the key names.
 */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export type StubAnswer = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly text?: string;
  /** `never`: nothing is said. `cut`: half of the body, then the connection is cut. */
  readonly manner?: 'whole' | 'never' | 'cut';
};

export type ProviderStub = {
  readonly url: string;
  readonly requests: readonly string[];
  readonly headers: readonly IncomingHttpHeaders[];
  /** Several answers are given one after the other, the last one for ever. */
  answer(key: string, ...answers: readonly StubAnswer[]): void;
  reset(): void;
  close(): Promise<void>;
};

const NOT_FOUND: StubAnswer = { status: 404, text: '<!DOCTYPE html><title>Not found</title>' };

type Route = { readonly path: string; readonly query: URLSearchParams; readonly answers: StubAnswer[] };

const fits = (route: Route, url: URL): boolean =>
  route.path === url.pathname &&
  [...route.query].every(([name, value]) => url.searchParams.get(name) === value);

export const startProviderStub = async (): Promise<ProviderStub> => {
  const requests: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const routes: Route[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stub');
    requests.push(`${url.pathname}${url.search}`);
    headers.push(request.headers);
    const answers = routes.findLast((route) => fits(route, url))?.answers ?? [NOT_FOUND];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? NOT_FOUND;
    if (answer.manner === 'never') return;
    const body = Buffer.from(answer.text ?? JSON.stringify(answer.json ?? null));
    const contentType = answer.text === undefined ? 'application/json' : 'text/plain';
    response.writeHead(answer.status ?? 200, {
      'content-type': contentType,
      'content-length': body.length,
      ...answer.headers,
    });
    if (answer.manner === 'cut') {
      response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
    } else response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    headers,
    answer: (key, ...answers) => {
      const url = new URL(key, 'http://stub');
      routes.push({ path: url.pathname, query: url.searchParams, answers: [...answers] });
    },
    reset: () => {
      requests.length = 0;
      headers.length = 0;
      routes.length = 0;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      });
    },
  };
};

/** A chart as Yahoo sends it, with daily bars. */
export const yahooChart = (chart: {
  readonly symbol: string;
  readonly currency: string;
  readonly timezone?: string;
  readonly price?: number;
  readonly at?: number;
  readonly bars?: readonly (readonly [seconds: number, close: number | null])[];
  readonly events?: object;
}): object => {
  const bars = chart.bars ?? [];
  const closes = bars.map(([, close]) => close);
  const meta = {
    currency: chart.currency,
    symbol: chart.symbol,
    exchangeTimezoneName: chart.timezone ?? 'Europe/London',
    regularMarketPrice: chart.price,
    regularMarketTime: chart.at,
    dataGranularity: '1d',
  };
  const quote = { open: closes, high: closes, low: closes, close: closes, volume: bars.map(() => 1200) };
  const indicators = { quote: [quote], adjclose: [{ adjclose: closes.map(() => 1) }] };
  const { events } = chart;
  const result = { meta, timestamp: bars.map(([time]) => time), ...(events && { events }), indicators };
  return { chart: { result: [result], error: null } };
};

export const YAHOO_UNKNOWN = {
  chart: {
    result: null,
    error: { code: 'Not Found', description: 'No data found, symbol may be delisted' },
  },
};
