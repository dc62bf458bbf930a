import { currencyScale, type Currency } from './currency.ts';
import { dec, decimalText, ZERO, type Decimal, type DecimalLike } from './decimal.ts';

/**
 * An exact amount of one currency. Immutable; arithmetic between two currencies throws, because a sum of pounds and
 * dollars has no meaning until somebody names a rate.
 */
export class Money {
  readonly #amount: Decimal;
  readonly currency: Currency;

  private constructor(amount: Decimal, ofCurrency: Currency) {
    this.#amount = amount;
    this.currency = ofCurrency;
  }

  static of(amount: DecimalLike, ofCurrency: Currency): Money {
    return new Money(dec(amount), ofCurrency);
  }

  static zero(ofCurrency: Currency): Money {
    return new Money(ZERO, ofCurrency);
  }

  /** The sum of amounts of one currency; zero of that currency for none. */
  static sum(amounts: Iterable<Money>, ofCurrency: Currency): Money {
    let total = Money.zero(ofCurrency);
    for (const amount of amounts) total = total.plus(amount);
    return total;
  }

  get amount(): Decimal {
    return this.#amount;
  }

  plus(other: Money): Money {
    this.#mustMatch(other);
    return new Money(this.#amount.plus(other.#amount), this.currency);
  }

  minus(other: Money): Money {
    this.#mustMatch(other);
    return new Money(this.#amount.minus(other.#amount), this.currency);
  }

  /** Scales by a quantity, a share or a count, never by another amount of money. */
  times(factor: DecimalLike): Money {
    return new Money(this.#amount.times(dec(factor)), this.currency);
  }

  /** Converts at `rate` units of `to` for one unit of this currency. */
  convert(rate: DecimalLike, to: Currency): Money {
    return new Money(this.#amount.times(dec(rate)), to);
  }

  /** Rounded half-even to the currency's minor unit (JPY 0, GBP 2, KWD 3): for display and statements, not for sums. */
  rounded(): Money {
    return new Money(this.#amount.toDecimalPlaces(currencyScale(this.currency)), this.currency);
  }

  equals(other: Money): boolean {
    return this.currency === other.currency && this.#amount.equals(other.#amount);
  }

  /** The exact amount as a decimal string. */
  toString(): string {
    return decimalText(this.#amount);
  }

  toJSON(): { amount: string; currency: string } {
    return { amount: this.toString(), currency: this.currency };
  }

  #mustMatch(other: Money): void {
    if (other.currency !== this.currency) {
      throw new RangeError(`Cannot combine ${this.currency} with ${other.currency} without a rate`);
    }
  }
}
