/**
 * The invented market of a soak: lines whose price at a moment follows from the moment alone, and the book of what was
 * truthfully said about them. Imports nothing of the product: it is what the product is judged by.
 *
 * Contents: MarketLine · LINES · quotedAt · decimal text · Truth · EUR_RATES
 */
import { createHash } from 'node:crypto';

/** A line that is traded, as providers know it. */
export type MarketLine = {
  /** What the soak calls it: its ticker, which no other line has. */
  readonly ticker: string;
  readonly exchange: 'XLON' | 'XNYS' | 'XETR';
  readonly currency: 'GBP' | 'USD' | 'EUR';
  /** The unit in which it is quoted; pence are hundredths of a pound. */
  readonly unit: 'GBP' | 'GBX' | 'USD' | 'EUR';
  /** Price about which it swings, in ten-thousandths of its unit. */
  readonly base: bigint;
  /** How it stands with the first provider: one that its plan leaves out in either form, or does not know in either form. */
  readonly finnhub: 'knows' | 'refused-object' | 'refused-string' | 'zeros' | 'empty';
  /** Nobody has a price of it: a gap that has to be said. */
  readonly isUnknown: boolean;
};

/** A price holds for so many seconds; then there is another one. */
const TICK_SECONDS = 15;
/** It swings by at most so many thousandths of its base. */
const SWING = 40n;

const line = (
  ticker: string,
  exchange: MarketLine['exchange'],
  unit: MarketLine['unit'],
  base: number,
  more: Partial<MarketLine> = {},
): MarketLine => ({
  ticker,
  exchange,
  unit,
  currency: unit === 'GBX' ? 'GBP' : unit,
  base: BigInt(base) * 10_000n,
  finnhub: 'knows',
  isUnknown: false,
  ...more,
});

const numbered = (count: number, make: (index: number) => MarketLine): MarketLine[] =>
  Array.from({ length: count }, (_unused, index) => make(index + 1));

/** Every line: pence, pounds, euros and dollars in London, Frankfurt and New York. */
export const LINES: readonly MarketLine[] = [
  ...numbered(10, (n) => line(`PENCE${n}`, 'XLON', 'GBX', 180 + 613 * n)),
  ...numbered(5, (n) => line(`POUND${n}`, 'XLON', 'GBP', 12 + 7 * n)),
  ...numbered(2, (n) => line(`USLON${n}`, 'XLON', 'USD', 30 + 21 * n)),
  ...numbered(5, (n) => line(`EURO${n}`, 'XETR', 'EUR', 20 + 31 * n)),
  ...numbered(20, (n) => line(`US${n}`, 'XNYS', 'USD', 15 + 47 * n)),
  line('REFUSEDA', 'XNYS', 'USD', 77, { finnhub: 'refused-object' }),
  line('REFUSEDB', 'XNYS', 'USD', 93, { finnhub: 'refused-string' }),
  line('ZEROS', 'XNYS', 'USD', 55, { finnhub: 'zeros' }),
  line('EMPTY', 'XNYS', 'USD', 61, { finnhub: 'empty' }),
  line('NOBODYS', 'XLON', 'GBP', 1, { isUnknown: true }),
];

/** The moment from which on the price of a moment has held, in seconds since 1970. */
export const tickOf = (epochSeconds: number): number =>
  Math.floor(epochSeconds / TICK_SECONDS) * TICK_SECONDS;

/** Price in ten-thousandths of the line's unit; of any two ticks in a row it differs. */
export const quotedAt = ({ ticker, base }: MarketLine, epochSeconds: number): bigint => {
  const tick = tickOf(epochSeconds);
  const dice = createHash('sha256').update(`${ticker} ${tick}`).digest().readUInt32BE(0);
  const part = BigInt(dice % 2_000) - 1_000n;
  const swung = base + (base * SWING * part) / 1_000_000n;
  // The last place tells even ticks from odd ones, so that each tick is news.
  return swung - (swung % 10n) + BigInt((tick / TICK_SECONDS) % 10);
};

/** Ten-thousandths as decimal text without trailing zeros. */
export const decimalOf = (tenThousandths: bigint, places = 4): string => {
  const scale = 10n ** BigInt(places);
  const whole = tenThousandths / scale;
  const rest = (tenThousandths % scale).toString().padStart(places, '0').replace(/0+$/u, '');
  return rest === '' ? String(whole) : `${whole}.${rest}`;
};

/** A quoted price in the line's currency, as exact text: 7512 pence are 75.12 pounds. */
export const inCurrency = ({ unit }: MarketLine, tenThousandths: bigint): string =>
  decimalOf(tenThousandths, unit === 'GBX' ? 6 : 4);

/** Reference rates: units of a currency per euro. */
export const EUR_RATES = { GBP: '0.8512', USD: '1.0861' } as const;

/** What was truthfully said: which price of which line, by whom, for which moment. */
export class Truth {
  readonly #said = new Map<string, string>();
  #lies = 0;

  /** A true price was given out, whether or not it arrived. */
  say(source: string, of: MarketLine, epochSeconds: number): void {
    this.#said.set(keyOf(source, of.ticker, epochSeconds * 1000), inCurrency(of, quotedAt(of, epochSeconds)));
  }

  /** Something untrue was given out. */
  lie(): void {
    this.#lies += 1;
  }

  /** The close in the line's currency that a source gave for a moment; undefined when it never spoke of it. */
  of(source: string, ticker: string, epochMilliseconds: number): string | undefined {
    return this.#said.get(keyOf(source, ticker, epochMilliseconds));
  }

  get size(): number {
    return this.#said.size;
  }

  get lies(): number {
    return this.#lies;
  }
}

const keyOf = (source: string, ticker: string, epochMilliseconds: number): string =>
  `${source} ${ticker} ${epochMilliseconds}`;

/** Exact value of decimal text with at most `places` places, as a whole number of its last place. */
export const scaled = (text: string, places: number): bigint => {
  const match = /^(?<sign>-?)(?<whole>\d+)(?:\.(?<rest>\d+))?$/u.exec(text)?.groups;
  const rest = match?.['rest'] ?? '';
  if (match === undefined || rest.length > places) {
    throw new Error(`not a decimal of ${places} places: ${text}`);
  }
  const size = BigInt(`${match['whole'] ?? '0'}${rest.padEnd(places, '0')}`);
  return match['sign'] === '-' ? -size : size;
};
