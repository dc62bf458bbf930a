// Which lines of different files are the same security, where the files carry no ISIN.
// Rule: equal ISIN; else equal normalised ticker, and equal country or exchange, and names that agree.
// Same ticker in the same place under another name is doubtful: kept apart by the rule, and listed.

import type { Fund, Row } from './issuer-file.ts';

/** Pairs that a person decided: each is doubtful, or missed, by the rule, and yet one security. */
export const JUDGED_SAME: ReadonlyArray<{
  country: string;
  tickers: readonly [string, string];
  names: readonly [string, string];
  why: string;
}> = [
  {
    country: 'United States',
    tickers: ['GE', 'GE'],
    names: ['GENERAL ELECTRIC', 'GE AEROSPACE'],
    why: 'General Electric took the name GE Aerospace in April 2024; same share, same ticker, same exchange',
  },
  {
    country: 'United States',
    tickers: ['LH', 'LH'],
    names: ['LABORATORY CORPORATION OF AMERICA', 'LABCORP HOLDINGS INC'],
    why: 'holding-company reorganisation of May 2024, one new share for one old',
  },
  {
    country: 'United States',
    tickers: ['BXP', 'BXP'],
    names: ['BOSTON PROPERTIES REIT INC', 'BXP INC'],
    why: 'Boston Properties took the name BXP in July 2024; same share',
  },
  {
    country: 'United States',
    tickers: ['PEAK', 'DOC'],
    names: ['HEALTHPEAK PROPERTIES INC', 'HEALTHPEAK PROPERTIES INC'],
    why: 'Healthpeak changed its ticker from PEAK to DOC in March 2024; the rule misses it because the tickers differ',
  },
];

const FORMS = new Set(
  'INC CORP CO COMPANY LTD LIMITED PLC SA SE NV AG AB ASA SPA REIT HOLDING HOLDINGS GROUP THE CLASS A B C ORD REGISTERED'.split(
    ' ',
  ),
);
const DEPOSITARY = /\b(ADR|ADS|GDR)\b/;

/** Letters and digits only, upper case: "BRK.B" and "BRK B" are one, "-" is none. */
export function normaliseTicker(ticker: string): string {
  return ticker.toUpperCase().replace(/[^A-Z0-9]/g, '');
}

function words(name: string): string[] {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
  return plain
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .filter((word) => !FORMS.has(word));
}

/** Equal without legal forms and share classes, or one the beginning of the other (issuers cut names off). */
export function namesAgree(a: string, b: string): boolean {
  if (a === b) return true;
  if (DEPOSITARY.test(a) !== DEPOSITARY.test(b)) return false;
  const [short, long] = [words(a), words(b)].toSorted((x, y) => x.length - y.length) as [string[], string[]];
  return short.length > 0 && short.every((word, i) => word === long[i]);
}

interface Security {
  id: string;
  sample: Row;
}

export interface Doubt {
  ticker: string;
  kept: string;
  apart: string;
}

/** Decides an id for each equity line of some funds, once. */
export class Identities {
  readonly doubts: Doubt[] = [];
  readonly #ids = new Map<Row, string>();
  readonly #names = new Map<string, string>();

  /** `judged` joins the pairs of JUDGED_SAME as well; without it the rule alone decides. */
  constructor(funds: Iterable<Fund>, judged: boolean) {
    const byTicker = new Map<string, Security[]>();
    const byIsin = new Map<string, Security>();
    for (const fund of funds) {
      fund.rows.forEach((row, i) => {
        if (row.kind !== 'equity') return;
        const ticker = normaliseTicker(row.ticker);
        const found = this.#find(row, ticker, byTicker, byIsin, judged);
        const security = found ?? { id: `${fund.key}#${i}`, sample: row };
        this.#ids.set(row, security.id);
        if (found === undefined) this.#names.set(security.id, row.name);
        if (row.isin !== null) byIsin.set(row.isin, security);
        if (ticker !== '' && found === undefined) {
          byTicker.set(ticker, [...(byTicker.get(ticker) ?? []), security]);
        }
      });
    }
  }

  #find(
    row: Row,
    ticker: string,
    byTicker: Map<string, Security[]>,
    byIsin: Map<string, Security>,
    judged: boolean,
  ): Security | undefined {
    const same = row.isin === null ? undefined : byIsin.get(row.isin);
    if (same !== undefined) return same;
    const inPlace = (byTicker.get(ticker) ?? []).filter(
      ({ sample }) =>
        (sample.isin === null || row.isin === null) &&
        ((sample.country !== null && sample.country === row.country) ||
          (sample.exchange !== null && sample.exchange === row.exchange)),
    );
    const agreed = inPlace.find(({ sample }) => namesAgree(sample.name, row.name));
    if (agreed !== undefined) return agreed;
    for (const { sample } of inPlace) this.doubts.push({ ticker, kept: sample.name, apart: row.name });
    return judged ? judgement(row, byTicker) : undefined;
  }

  idOf(row: Row): string {
    const id = this.#ids.get(row);
    if (id === undefined) throw new Error(`no identity for ${row.name}`);
    return id;
  }

  nameOf(id: string): string {
    return this.#names.get(id) ?? id;
  }
}

function judgement(row: Row, byTicker: Map<string, Security[]>): Security | undefined {
  for (const { country, tickers, names } of JUDGED_SAME) {
    if (row.country !== country) continue;
    for (const [here, there] of [
      [0, 1],
      [1, 0],
    ] as const) {
      if (row.ticker !== tickers[here] || row.name !== names[here]) continue;
      const match = (byTicker.get(tickers[there]) ?? []).find(
        ({ sample }) => sample.name === names[there] && sample.country === country,
      );
      if (match !== undefined) return match;
    }
  }
  return undefined;
}
