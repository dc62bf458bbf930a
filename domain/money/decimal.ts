import { Decimal as Base } from 'decimal.js';

/**
 * The exact decimal type of the product: decimal.js with 60 significant digits, so that products of two
 * NUMERIC(38,18) values keep every digit that a ledger figure needs. Rounding is half-even, as banks do.
 */
export const Decimal = Base.clone({
  precision: 60,
  rounding: Base.ROUND_HALF_EVEN,
  toExpNeg: -60,
  toExpPos: 60,
});
export type Decimal = Base;

/** Anything that names an exact decimal: a decimal string as in JSON and SQL, or a Decimal. Never a float. */
export type DecimalLike = string | bigint | Decimal;

/** Reads an exact decimal. Throws on text that is not a plain decimal number. */
export const dec = (value: DecimalLike): Decimal => {
  if (typeof value === 'string' && !PLAIN_DECIMAL.test(value)) {
    throw new RangeError(`"${value.slice(0, 40)}" is not a decimal number`);
  }
  return new Decimal(typeof value === 'bigint' ? value.toString() : value);
};

const PLAIN_DECIMAL = /^-?\d+(?:\.\d+)?$/;

export const ZERO = new Decimal(0);
export const ONE = new Decimal(1);
export const HUNDRED = new Decimal(100);

/** Decimal string without exponent and without trailing zeros: the form of JSON and SQL. */
export const decimalText = (value: Decimal): string => (value.isZero() ? '0' : value.toFixed());

/** Places that a stored amount, quantity or price keeps: NUMERIC(38,18). */
export const AMOUNT_SCALE = 18;
/** Places that a stored rate keeps: NUMERIC(38,20). */
export const RATE_SCALE = 20;
/** Digits before the point that a NUMERIC(38,18) holds. */
export const AMOUNT_INTEGER_DIGITS = 20;

export const roundAmount = (value: Decimal): Decimal => value.toDecimalPlaces(AMOUNT_SCALE);
export const roundRate = (value: Decimal): Decimal => value.toDecimalPlaces(RATE_SCALE);

/** Whether a NUMERIC(38,18) holds a value as it is; `decimalProblem` says why not. */
export const isStorable = (value: Decimal): boolean =>
  value.e < AMOUNT_INTEGER_DIGITS && value.decimalPlaces() <= AMOUNT_SCALE;

/**
 * Why a decimal cannot be stored as NUMERIC(38,`scale`), in words for the person who sent it, or null when it can.
 * More places than fit are refused and never rounded.
 */
export const decimalProblem = (value: string, scale: number = AMOUNT_SCALE): string | null => {
  if (!PLAIN_DECIMAL.test(value)) return 'must be a decimal number such as "12.5"';
  const [whole = '', places = ''] = value.replace('-', '').split('.');
  if (places.replace(/0+$/, '').length > scale) return `has more than ${scale} decimal places`;
  if (whole.replace(/^0+/, '').length > 38 - scale) {
    return `has more than ${38 - scale} digits before the point`;
  }
  return null;
};
