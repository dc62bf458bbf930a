// Exact fractions of two BigInts: slow, obvious and never rounded until somebody asks for decimals.

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

function gcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}

export type Rounding = 'half-up' | 'half-even';

/** An exact rational number, always in lowest terms with a positive denominator. */
export class Fraction {
  readonly n: bigint;
  readonly d: bigint;

  constructor(n: bigint, d: bigint = 1n) {
    if (d === 0n) throw new RangeError('division by zero');
    const g = gcd(n, d) || 1n;
    const sign = d < 0n ? -1n : 1n;
    this.n = (sign * n) / g;
    this.d = (sign * d) / g;
  }

  /** Reads a plain decimal such as "-12.5"; throws on anything else (no exponents, no separators). */
  static of(text: string): Fraction {
    const match = DECIMAL.exec(text);
    if (match === null) throw new SyntaxError(`not a plain decimal: ${JSON.stringify(text)}`);
    const [, sign, whole = '0', places = ''] = match;
    const n = BigInt(whole + places);
    return new Fraction(sign === '-' ? -n : n, 10n ** BigInt(places.length));
  }

  plus(o: Fraction): Fraction {
    return new Fraction(this.n * o.d + o.n * this.d, this.d * o.d);
  }

  minus(o: Fraction): Fraction {
    return new Fraction(this.n * o.d - o.n * this.d, this.d * o.d);
  }

  times(o: Fraction): Fraction {
    return new Fraction(this.n * o.n, this.d * o.d);
  }

  over(o: Fraction): Fraction {
    return new Fraction(this.n * o.d, this.d * o.n);
  }

  /** −1, 0 or 1. */
  compare(o: Fraction): number {
    const left = this.n * o.d;
    const right = o.n * this.d;
    return left < right ? -1 : left > right ? 1 : 0;
  }

  isZero(): boolean {
    return this.n === 0n;
  }

  isNegative(): boolean {
    return this.n < 0n;
  }

  /** Rounded to so many decimal places; ties go away from zero (half-up) or to the even neighbour. */
  round(places: number, rounding: Rounding = 'half-up'): Fraction {
    const scale = 10n ** BigInt(places);
    const n = (this.n < 0n ? -this.n : this.n) * scale;
    const quotient = n / this.d;
    const twice = (n % this.d) * 2n;
    const up = twice > this.d || (twice === this.d && (rounding === 'half-up' || quotient % 2n === 1n));
    const magnitude = up ? quotient + 1n : quotient;
    return new Fraction(this.n < 0n ? -magnitude : magnitude, scale);
  }

  /** Decimal text with exactly so many places, e.g. "33.333333". */
  toFixed(places: number, rounding: Rounding = 'half-up'): string {
    const r = this.round(places, rounding);
    const scaled = (r.n * 10n ** BigInt(places)) / r.d;
    const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, '0');
    const whole = digits.slice(0, digits.length - places);
    const tail = places === 0 ? '' : `.${digits.slice(digits.length - places)}`;
    return `${scaled < 0n ? '-' : ''}${whole}${tail}`;
  }

  /** Decimal text without trailing zeros; rounded when the fraction has no end within so many places. */
  toDecimal(places = 18): string {
    const text = this.toFixed(places);
    return text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text;
  }

  toString(): string {
    return this.d === 1n ? `${this.n}` : `${this.n}/${this.d}`;
  }
}

export const ZERO = new Fraction(0n);
export const ONE = new Fraction(1n);
export const HUNDRED = new Fraction(100n);

export function min(a: Fraction, b: Fraction): Fraction {
  return a.compare(b) <= 0 ? a : b;
}

export function sum(all: Iterable<Fraction>): Fraction {
  let total = ZERO;
  for (const one of all) total = total.plus(one);
  return total;
}
