/**
 * A stand-in for Finnhub, Yahoo, Stooq and the ECB on one free port: it speaks as they do, tells what the invented market
 * does, and goes wrong as the weather of the run says.
 *
 * Contents: Providers · startProviders
 */
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Random } from '../faults/random.ts';
import { ECB_90_DAYS, ECB_DAILY, ecbXml } from '../support/ecb-stub.ts';
import { startTradeStub } from '../support/trade-stub.ts';
import type { TradeStub } from '../support/trade-stub.ts';
import { EUR_RATES, LINES, decimalOf, quotedAt, tickOf } from './market.ts';
import type { MarketLine, Truth } from './market.ts';
import { faultOf } from './weather.ts';
import type { AnswerFault, Plan, StandIn } from './weather.ts';

export type Providers = {
  /** Base addresses, as the product's settings take them. */
  readonly settings: Readonly<Record<string, string>>;
  /** How many answers there were, and how many of them went wrong, by kind. */
  readonly asked: number;
  readonly faults: ReadonlyMap<string, number>;
  close(): Promise<void>;
};

type Answer = {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly manner?: 'whole' | 'never' | 'cut';
};

const json = (value: unknown): Answer => ({ body: JSON.stringify(value) });
const TOO_MANY = 'API limit reached. Please try again later. Remaining Limit: 0';
const PAGE = '<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>';
const NOT_FOUND: Answer = { status: 404, type: 'text/html', body: PAGE };
const A_DAY_SECONDS = 86_400;
const TWO_HOURS_SECONDS = 7_200;
/** The first answers with rates are none, so that rates have to be asked for again. */
const RATES_FAIL_FIRST = 2;

/** Faults that are the same whoever is asked; undefined for those that depend on the form of the answer. */
const commonFault = (fault: AnswerFault | null): Answer | undefined => {
  switch (fault) {
    case 'silence':
      return { body: '', manner: 'never' };
    case 'cut':
      return { body: JSON.stringify({ c: 12.5, t: 1_600_000_000, chart: { result: [] } }), manner: 'cut' };
    case 'too-many-requests':
      return { status: 429, type: 'text/plain', body: TOO_MANY };
    case 'too-many-requests-for-a-while':
      return { status: 429, type: 'text/plain', headers: { 'retry-after': '20' }, body: TOO_MANY };
    case 'server-error':
      return { status: 502, type: 'text/html', body: PAGE };
    case 'garbage':
      return { body: '{"c": 12.5, "t": 16\u0000\u0001\ufffd{{{' };
    case 'redirect-to-a-page':
      return { status: 302, type: 'text/html', headers: { location: '/sign-in' }, body: PAGE };
    case 'page':
      return { type: 'text/html', body: PAGE };
    default:
      return undefined;
  }
};

/** What a stand-in says of a line: when, how much, in which unit. */
type Said = { readonly at: number; readonly price: string | null; readonly unit: string };

const MARKET_UNIT = { GBX: 'GBp', GBP: 'GBP', USD: 'USD', EUR: 'EUR' } as const;

/** A statement about a line, true unless the fault makes it a lie; every one is written down as what it is. */
const stateOf = (truth: Truth, source: StandIn, line: MarketLine, fault: AnswerFault | null): Said => {
  const now = Math.floor(Date.now() / 1000);
  const at = tickOf(fault === 'yesterday' ? now - A_DAY_SECONDS : now);
  const price = quotedAt(line, at);
  const unit = MARKET_UNIT[line.unit];
  const lie = (said: Partial<Said>): Said => {
    truth.lie();
    return { at, price: decimalOf(price), unit, ...said };
  };
  switch (fault) {
    case 'hundredfold':
      return lie({ price: decimalOf(price * 100n) });
    case 'hundredth':
      return lie({ price: decimalOf(price, 6) });
    case 'zero':
      return lie({ price: '0' });
    case 'null':
      return lie({ price: null });
    case 'negative':
      return lie({ price: `-${decimalOf(price)}` });
    case 'other-currency':
      // Only where it can be known: the others do not say in what they quote.
      if (source === 'yahoo') return lie({ unit: 'JPY' });
      break;
    case 'future':
      return lie({ at: at + TWO_HOURS_SECONDS });
    default:
  }
  truth.say(source, line, at);
  return { at, price: decimalOf(price), unit };
};

const finnhub = (truth: Truth, url: URL, fault: AnswerFault | null): Answer => {
  const line = LINES.find((one) => one.exchange === 'XNYS' && one.ticker === url.searchParams.get('symbol'));
  const zeros = json({ c: 0, d: null, dp: null, h: 0, l: 0, o: 0, pc: 0, t: 0 });
  if (url.pathname !== '/finnhub/quote') {
    return { status: 403, ...json({ error: "You don't have access to this resource." }) };
  }
  if (line === undefined || line.isUnknown || line.finnhub === 'zeros') return zeros;
  if (line.finnhub === 'empty') return json({});
  if (line.finnhub === 'refused-object') {
    return { status: 403, ...json({ error: "You don't have access to this resource." }) };
  }
  if (line.finnhub === 'refused-string') {
    return { status: 403, ...json("You don't have access to this resource.") };
  }
  const { at, price } = stateOf(truth, 'finnhub', line, fault);
  const time = fault === 'milliseconds' ? at * 1000 : at;
  const before = fault === 'odd-but-true' ? '0' : (price ?? '0');
  const body = `{"c":${price ?? 'null'},"d":0.1,"dp":0.1,"h":${before},"l":${before},"o":${before},"pc":${before},"t":${time}}`;
  return { body };
};

const YAHOO_SUFFIX = { XLON: '.L', XETR: '.DE', XNYS: '' } as const;
const YAHOO_UNKNOWN: Answer = {
  status: 404,
  ...json({
    chart: {
      result: null,
      error: { code: 'Not Found', description: 'No data found, symbol may be delisted' },
    },
  }),
};

const yahoo = (truth: Truth, url: URL, fault: AnswerFault | null): Answer => {
  const symbol = decodeURIComponent(url.pathname.split('/').at(-1) ?? '');
  const line = LINES.find((one) => `${one.ticker}${YAHOO_SUFFIX[one.exchange]}` === symbol);
  if (line === undefined || line.isUnknown) return YAHOO_UNKNOWN;
  const { at, price, unit } = stateOf(truth, 'yahoo', line, fault);
  const time = fault === 'milliseconds' ? at * 1000 : at;
  const meta = `{"currency":"${unit}","symbol":"${symbol}","exchangeTimezoneName":"Europe/London","regularMarketTime":${time},"regularMarketPrice":${price ?? 'null'},"dataGranularity":"1d"}`;
  const quote = '{"open":[],"high":[],"low":[],"close":[],"volume":[]}';
  return {
    body: `{"chart":{"result":[{"meta":${meta},"timestamp":[],"indicators":{"quote":[${quote}]}}],"error":null}}`,
  };
};

const STOOQ_SUFFIX = { XLON: '.uk', XETR: '.de', XNYS: '.us' } as const;

const stooq = (truth: Truth, url: URL, fault: AnswerFault | null): Answer => {
  const symbol = url.searchParams.get('s') ?? '';
  const line = LINES.find((one) => `${one.ticker.toLowerCase()}${STOOQ_SUFFIX[one.exchange]}` === symbol);
  const header = 'Symbol,Date,Time,Open,High,Low,Close,Volume';
  if (fault === 'too-many-requests') return { type: 'text/csv', body: 'Exceeded the daily hits limit' };
  if (url.pathname !== '/stooq/q/l/') return { type: 'text/csv', body: 'No data' };
  if (line === undefined || line.isUnknown) {
    return { type: 'text/csv', body: `${header}\r\n${symbol.toUpperCase()},N/D,N/D,N/D,N/D,N/D,N/D,N/D\r\n` };
  }
  const { at, price } = stateOf(truth, 'stooq', line, fault);
  const local = Temporal.Instant.fromEpochMilliseconds(at * 1000).toZonedDateTimeISO('Europe/Warsaw');
  const figure = price ?? 'N/D';
  const cells = [
    symbol.toUpperCase(),
    local.toPlainDate(),
    local.toPlainTime().toString({ smallestUnit: 'second' }),
  ];
  return {
    type: 'text/csv',
    body: `${header}\r\n${[...cells, figure, figure, figure, figure, '1200'].join(',')}\r\n`,
  };
};

const ecb = (url: URL, asked: number): Answer => {
  if (asked <= RATES_FAIL_FIRST) return { type: 'text/html', body: PAGE };
  const path = url.pathname.slice('/ecb'.length);
  if (path !== ECB_DAILY && path !== ECB_90_DAYS) return NOT_FOUND;
  // Published on the afternoons of working days: that of yesterday is never of a day to come.
  const days = [1, 2, 3].map((back) => Temporal.Now.plainDateISO('UTC').subtract({ days: back }).toString());
  const rates = Object.fromEntries(days.map((day) => [day, EUR_RATES]));
  return { type: 'text/xml', body: ecbXml(path === ECB_DAILY ? { [days[0] ?? '']: EUR_RATES } : rates) };
};

const send = (response: ServerResponse, answer: Answer): void => {
  if (answer.manner === 'never') return;
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status ?? 200, {
    'content-type': answer.type ?? 'application/json',
    'content-length': body.length,
    ...answer.headers,
  });
  if (answer.manner === 'cut') response.write(body.subarray(0, body.length / 2), () => response.destroy());
  else response.end(body);
};

const PUSH_MS = 3_000;
/** One message in so many is a lie, and one in so many ends all connections. */
const TRADE_LIE_CHANCE = 0.1;
const TRADE_DROP_CHANCE = 0.02;

/** Trades of what is followed at the moment: each twice, as they really come, and sometimes one that cannot be. */
const pushTrades = (trades: TradeStub, truth: Truth, random: Random, isFair: boolean): void => {
  const at = tickOf(Math.floor(Date.now() / 1000));
  const followed = new Set(trades.symbols());
  const lines = LINES.filter((line) => line.exchange === 'XNYS' && followed.has(line.ticker));
  const data = lines.map((line) => {
    truth.say('finnhub', line, at);
    return `{"c":[],"p":${decimalOf(quotedAt(line, at))},"s":"${line.ticker}","t":${at * 1000},"v":10}`;
  });
  const message = `{"type":"trade","data":[${data.join(',')}]}`;
  for (const text of [message, message, '{"type":"ping"}']) trades.push(text);
  if (isFair || !random.chance(TRADE_LIE_CHANCE)) return;
  for (const line of lines.slice(0, 1)) {
    truth.lie();
    const price = quotedAt(line, at) * (random.chance(0.5) ? 100n : 0n);
    const moment = random.chance(0.5) ? at * 1000 + 1 : (at + TWO_HOURS_SECONDS) * 1000;
    trades.push(
      `{"type":"trade","data":[{"p":${decimalOf(price)},"s":"${line.ticker}","t":${moment},"v":10}]}`,
    );
  }
  if (random.chance(TRADE_DROP_CHANCE / TRADE_LIE_CHANCE)) trades.drop();
};

/** Starts the stand-ins; `elapsedMs` tells how far into the run it is. */
export const startProviders = async (parts: {
  readonly truth: Truth;
  readonly plan: Plan;
  readonly random: Random;
  readonly elapsedMs: () => number;
}): Promise<Providers> => {
  const { truth, plan, random, elapsedMs } = parts;
  const faults = new Map<string, number>();
  let [asked, askedForRates] = [0, 0];
  const answerOf = (url: URL): Answer => {
    const [, who = ''] = url.pathname.split('/');
    if (who === 'ecb') {
      askedForRates += 1;
      return ecb(url, askedForRates);
    }
    const speak = { finnhub, yahoo, stooq }[who];
    if (speak === undefined) return NOT_FOUND;
    const fault = faultOf(plan, random, who as StandIn, elapsedMs());
    if (fault !== null) faults.set(`${who} ${fault}`, (faults.get(`${who} ${fault}`) ?? 0) + 1);
    return commonFault(fault) ?? speak(truth, url, fault);
  };
  const server = createServer((request, response) => {
    asked += 1;
    send(response, answerOf(new URL(request.url ?? '/', 'http://stand-in')));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const trades = await startTradeStub();
  const pushing = setInterval(() => {
    const isFair = elapsedMs() < plan.fromMs || elapsedMs() >= plan.toMs;
    pushTrades(trades, truth, random, isFair);
  }, PUSH_MS);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    settings: {
      FINNHUB_BASE_URL: `${url}/finnhub`,
      YAHOO_BASE_URL: `${url}/yahoo`,
      STOOQ_BASE_URL: `${url}/stooq`,
      ECB_BASE_URL: `${url}/ecb`,
      FINNHUB_STREAM_URL: trades.url,
      FINNHUB_API_KEY: 'soak',
      PM_PRICE_PROVIDERS: 'finnhub,yahoo,stooq',
    },
    get asked() {
      return asked;
    },
    faults,
    close: async () => {
      clearInterval(pushing);
      await trades.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
