/**
 * A made-up issuer's file of what a fund holds: a few dozen to a few hundred invented companies with ISINs.
 *
 * Contents: issuerFile
 */
import type { ConstituentFigures } from './figures.ts';
import type { Random } from './random.ts';

const ROWS_MIN = 20;
const ROWS_MAX = 250;
/** Companies that there are; most files name some that an earlier file has named. */
const COMPANIES = 600;
/** Weights are whole numbers of these, in per cent. */
const WEIGHT_PLACES = 6;
const WHOLE = 100 * 10 ** WEIGHT_PLACES;
const SECTORS = ['Financials', 'Health Care', 'Energy', 'Utilities', 'Information Technology'];

/** The file's text, and its rows as they must be read back. The weights sum to exactly 100. */
export const issuerFile = (
  random: Random,
): { readonly rows: readonly ConstituentFigures[]; readonly text: string } => {
  const count = random.integer(ROWS_MIN, ROWS_MAX);
  const first = random.integer(0, COMPANIES - count);
  const weights = weightsOf(random, count);
  const rows = weights.map((weight, index) => {
    const number = first + index;
    return { isin: isinOf(number), name: `Company ${number} plc`, weightPct: percent(weight) };
  });
  const lines = rows.map(
    ({ isin, name, weightPct }) =>
      `${isin},${name},${weightPct},${random.pick(SECTORS)},United Kingdom,GBP,Equity`,
  );
  const header = 'ISIN,Name,Weight,Sector,Country,Currency,Asset Class';
  return { rows, text: `${[header, ...lines].join('\n')}\n` };
};

/** Whole numbers, none of them zero, that sum to `WHOLE`. */
const weightsOf = (random: Random, count: number): readonly number[] => {
  const raw = Array.from({ length: count }, () => random.integer(1, 1_000));
  const total = raw.reduce((sum, one) => sum + one, 0);
  const weights = raw.map((one) => Math.floor((one * WHOLE) / total));
  const rest = WHOLE - weights.reduce((sum, one) => sum + one, 0);
  return weights.map((one, index) => (index === 0 ? one + rest : one));
};

const percent = (weight: number): string => {
  const digits = String(weight).padStart(WEIGHT_PLACES + 1, '0');
  return `${digits.slice(0, -WEIGHT_PLACES)}.${digits.slice(-WEIGHT_PLACES)}`.replace(/\.?0+$/u, '');
};

/** A valid ISIN: `GB`, nine characters, and the check digit of ISO 6166. */
const isinOf = (number: number): string => {
  const body = `GB00F${String(number).padStart(6, '0')}`;
  const digits = body.split('').map((character) => Number.parseInt(character, 36).toString());
  const sum = digits
    .join('')
    .split('')
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
};
