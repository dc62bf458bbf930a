import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  currencies,
  currency,
  currencyScale,
  dec,
  decimalProblem,
  decimalText,
  isCurrency,
  isQuoteUnit,
  Money,
  quoteUnit,
  roundAmount,
  roundRate,
  toCurrencyUnits,
} from './index.ts';

const GBP = currency('GBP');
const USD = currency('USD');

/** Amounts as they are stored: up to 20 digits before the point, 18 after, without a float on the way. */
const amountText = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 20n - 1n }), fc.stringMatching(/^\d{0,18}$/))
  .map(
    ([isNegative, whole, places]) => `${isNegative ? '-' : ''}${whole}${places === '' ? '' : `.${places}`}`,
  );

describe('decimals', () => {
  it('keep 28 digits that a float would lose', () => {
    expect(decimalText(dec('12345678901234567890.12345678'))).toBe('12345678901234567890.12345678');
    expect(decimalText(dec('0.1').plus(dec('0.2')))).toBe('0.3');
  });

  it('are written without exponent, trailing zeros or a negative zero', () => {
    expect(decimalText(dec('0.000000000000000001'))).toBe('0.000000000000000001');
    expect(decimalText(dec('100000000000000000000000'))).toBe('100000000000000000000000');
    expect(decimalText(dec('12.500'))).toBe('12.5');
    expect(decimalText(dec('-0'))).toBe('0');
  });

  it.each(['', ' 1', '1e3', '1,5', '.5', '5.', 'NaN', 'Infinity', '0x10', '+1', '١'])(
    '%j is none',
    (text) => {
      expect(() => dec(text)).toThrow(RangeError);
      expect(decimalProblem(text)).toBe('must be a decimal number such as "12.5"');
    },
  );

  it('refuse what a column would round, and take what only has zeros there', () => {
    expect(decimalProblem('0.123456789012345678')).toBeNull();
    expect(decimalProblem('0.1234567890123456789')).toBe('has more than 18 decimal places');
    expect(decimalProblem('0.1234567890123456780')).toBeNull();
    expect(decimalProblem('12345678901234567890')).toBeNull();
    expect(decimalProblem('123456789012345678901')).toBe('has more than 20 digits before the point');
    expect(decimalProblem('000123456789012345678901')).toBe('has more than 20 digits before the point');
    expect(decimalProblem('-1.12345678901234567890', 20)).toBeNull();
  });

  it('round half to even, at 18 places for amounts and 20 for rates', () => {
    expect(decimalText(roundAmount(dec('0.0000000000000000005')))).toBe('0');
    expect(decimalText(roundAmount(dec('0.0000000000000000015')))).toBe('0.000000000000000002');
    expect(decimalText(roundAmount(dec('0.0000000000000000025')))).toBe('0.000000000000000002');
    expect(decimalText(roundRate(dec('1').div(dec('3'))))).toBe('0.33333333333333333333');
  });

  it('survive text and back, whatever is stored', () => {
    fc.assert(
      fc.property(amountText, (text) => {
        const once = decimalText(dec(text));
        expect(decimalText(dec(once))).toBe(once);
        expect(decimalProblem(once)).toBeNull();
        expect(dec(once).equals(dec(text))).toBe(true);
      }),
    );
  });
});

describe('currencies', () => {
  it('are ISO 4217 codes in their own case; pence and cents are none', () => {
    for (const code of ['GBP', 'JPY', 'KWD', 'HRK']) expect(isCurrency(code)).toBe(true);
    for (const code of ['GBX', 'GBp', 'gbp', 'ZAc', 'ILA', 'ZZZ', '']) expect(isCurrency(code)).toBe(false);
    expect(() => currency('GBp')).toThrow('"GBp" is not an ISO 4217 currency');
  });

  it('have their own number of decimals', () => {
    const scales = ['JPY', 'GBP', 'KWD', 'CLF', 'ITL'].map((code) => currencyScale(currency(code)));
    expect(scales).toEqual([0, 2, 3, 4, 0]);
  });

  it('are listed once each, in order', () => {
    const all = currencies();
    expect(all).toEqual([...new Set(all)].toSorted());
    expect(all).toContain('GBP');
    expect(all.every((code) => /^[A-Z]{3}$/.test(code))).toBe(true);
  });
});

describe('quote units', () => {
  it('turn a pence price into pounds, and leave a pound price alone', () => {
    expect(decimalText(toCurrencyUnits(dec('7512'), quoteUnit('GBX')))).toBe('75.12');
    expect(decimalText(toCurrencyUnits(dec('75.12'), quoteUnit('GBP')))).toBe('75.12');
    expect(decimalText(toCurrencyUnits(dec('0.01'), quoteUnit('ZAc')))).toBe('0.0001');
  });

  it('read the spellings of providers exactly: GBp is pence, GBP is pounds', () => {
    const read = (code: string) => [quoteUnit(code).code, quoteUnit(code).currency];
    expect(read('GBp')).toEqual(['GBX', 'GBP']);
    expect(read('GBX')).toEqual(['GBX', 'GBP']);
    expect(read('GBP')).toEqual(['GBP', 'GBP']);
    expect(read('ILA')).toEqual(['ILA', 'ILS']);
    expect(isQuoteUnit('gbp')).toBe(false);
    expect(() => quoteUnit('gbx')).toThrow(RangeError);
    expect(isQuoteUnit('constructor')).toBe(false);
  });
});

describe('Money', () => {
  it('refuses to mix currencies', () => {
    expect(() => Money.of('1', GBP).plus(Money.of('1', USD))).toThrow(
      'Cannot combine GBP with USD without a rate',
    );
    expect(() => Money.of('1', GBP).minus(Money.of('1', USD))).toThrow(RangeError);
    expect(() => Money.sum([Money.of('1', USD)], GBP)).toThrow(RangeError);
  });

  it('adds, scales and converts exactly', () => {
    expect(Money.of('0.1', GBP).plus(Money.of('0.2', GBP)).toString()).toBe('0.3');
    expect(Money.of('10', GBP).minus(Money.of('10.01', GBP)).toString()).toBe('-0.01');
    expect(Money.of('19.99', GBP).times('3').toString()).toBe('59.97');
    expect(Money.of('100', GBP).convert('1.2954', USD).toJSON()).toEqual({
      amount: '129.54',
      currency: 'USD',
    });
    expect(Money.sum([], GBP).toJSON()).toEqual({ amount: '0', currency: 'GBP' });
  });

  it('rounds to the minor unit of its own currency, half to even', () => {
    const rounded = (amount: string, code: string) => Money.of(amount, currency(code)).rounded().toString();
    expect(rounded('2.345', 'GBP')).toBe('2.34');
    expect(rounded('2.355', 'GBP')).toBe('2.36');
    expect(rounded('1234.5', 'JPY')).toBe('1234');
    expect(rounded('1.23456', 'KWD')).toBe('1.235');
  });

  it('is equal by amount and currency', () => {
    expect(Money.of('1.0', GBP).equals(Money.of('1', GBP))).toBe(true);
    expect(Money.of('1', GBP).equals(Money.of('1', USD))).toBe(false);
  });

  it('sums to the same in any order', () => {
    fc.assert(
      fc.property(fc.array(amountText, { maxLength: 20 }), (texts) => {
        const amounts = texts.map((text) => Money.of(text, GBP));
        expect(Money.sum(amounts, GBP).equals(Money.sum(amounts.toReversed(), GBP))).toBe(true);
      }),
    );
  });
});
