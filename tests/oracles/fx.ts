// Rates as the ECB publishes them (units of X for one euro), crossed through the euro, exactly.

import { readFileSync } from 'node:fs';
import { parseCsv } from './csv.ts';
import type { Fraction } from './fraction.ts';
import { Fraction as F, ONE } from './fraction.ts';

/** Days that a published rate may be carried forward. */
export const CARRY_DAYS_MAX = 7;

/** day (ISO) → currency → units of that currency for one euro. */
export type EuroRates = ReadonlyMap<string, ReadonlyMap<string, Fraction>>;

export type RateAnswer =
  | {
      ok: true;
      rate: Fraction;
      date: string;
      carriedForward: boolean;
      perEuro: { from: Fraction; to: Fraction };
    }
  | { ok: false; gap: string };

/** Reads the ECB's history file (eurofxref-hist.csv): a day a line, "N/A" where nothing was published. */
export function readEcbHistory(text: string): EuroRates {
  const [heading = [], ...lines] = parseCsv(text);
  const days = new Map<string, Map<string, Fraction>>();
  for (const line of lines) {
    const [day = '', ...cells] = line.map((cell) => cell.trim());
    if (day === '') continue;
    const published = new Map<string, Fraction>();
    cells.forEach((cell, i) => {
      const currency = heading[i + 1]?.trim() ?? '';
      if (currency !== '' && cell !== '' && cell !== 'N/A') published.set(currency, F.of(cell));
    });
    days.set(day, published);
  }
  return days;
}

export function readEcbHistoryFile(path: string): EuroRates {
  return readEcbHistory(readFileSync(path, 'utf8'));
}

/**
 * Units of `to` for one `from` on a day. Both legs come from one day: the latest one, at most seven days back,
 * on which both currencies were published. With none there is a gap, never a silent 1.
 */
export function crossRate(rates: EuroRates, from: string, to: string, day: string): RateAnswer {
  const start = Temporal.PlainDate.from(day);
  if (from === to) {
    return { ok: true, rate: ONE, date: day, carriedForward: false, perEuro: { from: ONE, to: ONE } };
  }
  for (let back = 0; back <= CARRY_DAYS_MAX; back++) {
    const date = start.subtract({ days: back }).toString();
    const published = rates.get(date);
    if (published === undefined) continue;
    const perEuro = (currency: string): Fraction | undefined =>
      currency === 'EUR' ? ONE : published.get(currency);
    const [fromLeg, toLeg] = [perEuro(from), perEuro(to)];
    if (fromLeg === undefined || toLeg === undefined) continue;
    return {
      ok: true,
      rate: toLeg.over(fromLeg),
      date,
      carriedForward: back > 0,
      perEuro: { from: fromLeg, to: toLeg },
    };
  }
  return {
    ok: false,
    gap: `no ${from}/${to} published from ${start.subtract({ days: CARRY_DAYS_MAX }).toString()} to ${day}`,
  };
}
