/**
 * People who look at their portfolios again and again: what they are shown has to be true at every moment, and there has to be
 * an answer, except that the service may say that it is not available while its database is away.
 *
 * Contents: Onlookers · startOnlookers
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Client } from '../faults/client.ts';
import type { Household, Person } from './household.ts';
import { EUR_RATES, scaled } from './market.ts';
import type { Truth } from './market.ts';

export type Onlookers = {
  readonly findings: {
    /** Answers that were looked at. */
    readonly looks: number;
    /** Times that the service said that it is not available, or the connection was lost. */
    readonly away: number;
    /** Prices looked at. */
    readonly prices: number;
    /** What was wrong, each once. */
    readonly problems: ReadonlySet<string>;
  };
  stop(): Promise<void>;
};

const PAUSE_MS = 2_000;
const UNAVAILABLE = 503;
const SHOWN_MAX = 20;
/** Places of quantity, price and rate together. */
const PLACES = 40;
/** Rates and values may be rounded from here on. */
const TOLERANCE = 10n ** BigInt(PLACES - 6);

type Holding = {
  readonly id: string;
  readonly instrumentId: string | null;
  readonly qty: string;
  readonly valuation: {
    readonly value: string | null;
    readonly missing: string | null;
    readonly price: {
      readonly close: string;
      readonly currency: string;
      readonly dateTime: string;
      readonly source: string;
      readonly kind: string;
    } | null;
  };
};

type Summary = { readonly value: string; readonly complete: boolean };

/** What one round of looks found. */
class Findings {
  readonly problems = new Set<string>();
  looks = 0;
  away = 0;
  prices = 0;
  /** The newest moment shown of each holding: a price never gives way to an older one. */
  readonly newest = new Map<string, number>();

  say(problem: string): void {
    if (this.problems.size < SHOWN_MAX) this.problems.add(problem);
  }
}

/** Asks for something; null where the service was not there. */
const look = async (findings: Findings, client: Client, path: string): Promise<unknown> => {
  const outcome = await client.send({ key: 'GET /healthz', path, headers: {}, body: undefined });
  findings.looks += 1;
  if (outcome.kind === 'unanswered' || outcome.status === UNAVAILABLE) {
    findings.away += 1;
    return null;
  }
  if (outcome.status === 200) return outcome.body;
  findings.say(`${path.replaceAll(/[0-9a-f-]{36}/gu, ':id')} answered ${outcome.status}`);
  return null;
};

type Beheld = {
  readonly findings: Findings;
  readonly household: Household;
  readonly truth: Truth;
  readonly person: Person;
};

/** Compares a holding with what was said. @returns the value shown, in the last of all places */
const judge = ({ findings, household, truth, person }: Beheld, holding: Holding): bigint => {
  const line = household.lines.get(holding.instrumentId ?? '');
  const { price, value, missing } = holding.valuation;
  if (line === undefined) return 0n;
  const whose = `${line.ticker} of ${person.name}`;
  if (price === null || value === null) {
    if (missing === null) findings.say(`${whose} has no price or value, and nobody says why`);
  }
  if (price === null) return 0n;
  findings.prices += 1;
  const at = Date.parse(price.dateTime);
  const said = truth.of(price.source, line.ticker, at);
  if (said !== price.close || price.currency !== line.currency) {
    findings.say(
      `${whose} was shown at ${price.close} ${price.currency} of ${price.dateTime} from ${price.source}; it said ${said ?? 'nothing'}`,
    );
  }
  const before = findings.newest.get(holding.id) ?? 0;
  if (at < before) findings.say(`${whose} went back in time to ${price.dateTime}`);
  findings.newest.set(holding.id, Math.max(at, before));
  if (value === null) return 0n;
  const expected = valueOf(holding.qty, price.close, line.currency, person.currency);
  const shown = scaled(value, PLACES);
  const off = shown > expected ? shown - expected : expected - shown;
  if (off > TOLERANCE) findings.say(`${whose} is worth ${value} by ${holding.qty} at ${price.close}`);
  return shown;
};

/** One look at a person's portfolio, the status, and an instrument or another. */
const lookAround = async (beheld: Beheld): Promise<void> => {
  const { findings, household, person } = beheld;
  const { client, portfolioId } = person;
  const ofPortfolio = `/api/portfolios/${portfolioId}`;
  const holdings = async (): Promise<{ items: Holding[] } | null> =>
    (await look(findings, client, `${ofPortfolio}/holdings?limit=200`)) as { items: Holding[] } | null;
  const before = await holdings();
  const summary = (await look(findings, client, `${ofPortfolio}/summary`)) as Summary | null;
  const after = await holdings();
  if (before === null || after === null) return;
  const sum = after.items.reduce((all, holding) => all + judge(beheld, holding), 0n);
  const isQuiet = JSON.stringify(before.items.map(shownOf)) === JSON.stringify(after.items.map(shownOf));
  if (summary !== null && isQuiet && scaled(summary.value, PLACES) !== sum) {
    findings.say(`the holdings of ${person.name} do not add up to ${summary.value}`);
  }
  if (summary?.complete === true && after.items.some((one) => one.valuation.value === null)) {
    findings.say(`the portfolio of ${person.name} is called complete, and is not`);
  }
  await look(findings, client, '/api/market-data/status');
  const some = [...household.lines.keys()][findings.looks % household.lines.size] ?? '';
  await look(findings, client, `/api/instruments/${some}/prices?limit=50`);
  await look(findings, client, `/api/instruments/${some}/price-series`);
};

/** Looks on until it is stopped. */
export const startOnlookers = (household: Household, truth: Truth): Onlookers => {
  const findings = new Findings();
  let isStopped = false;
  const looking = household.people.map(async (person) => {
    while (!isStopped) {
      await lookAround({ findings, household, truth, person });
      await sleep(PAUSE_MS);
    }
  });
  return {
    findings,
    stop: async () => {
      isStopped = true;
      await Promise.all(looking);
    },
  };
};

const shownOf = ({ id, qty, valuation }: Holding): unknown => [
  id,
  qty,
  valuation.value,
  valuation.price?.dateTime,
];

const QTY_PLACES = 8;
const PRICE_PLACES = 8;
const RATE_PLACES = 8;

/** Quantity times price, through euros into another currency, in units of the last of all places. */
const valueOf = (
  qty: string,
  close: string,
  from: 'GBP' | 'USD' | 'EUR',
  to: 'GBP' | 'USD' | 'EUR',
): bigint => {
  const perEuro = (code: 'GBP' | 'USD' | 'EUR'): bigint =>
    scaled(code === 'EUR' ? '1' : EUR_RATES[code], RATE_PLACES);
  const product = scaled(qty, QTY_PLACES) * scaled(close, PRICE_PLACES) * perEuro(to);
  return (product * 10n ** BigInt(PLACES - QTY_PLACES - PRICE_PLACES)) / perEuro(from);
};
