/** Prices that can be believed, and those that a person has to look at first. Figures by hand. */
import { dec } from '@pm/domain/money';
import { describe, expect, it } from 'vitest';

import { closeOfDay } from './exchange-close.ts';
import { checkPrices } from './price-check.ts';
import { exactNumber, instantOfEpoch } from './published-price.ts';
import type { PublishedPrice } from './published-price.ts';

const at = (text: string) => Temporal.Instant.from(text);
const quote = (close: string | null, more: Partial<PublishedPrice> = {}): PublishedPrice => ({
  at: at('2024-02-23T16:30:00Z'),
  interval: 'quote',
  close,
  open: null,
  high: null,
  low: null,
  volume: null,
  unit: null,
  ...more,
});
const POUNDS = { currency: 'GBP', quoteUnit: 'GBP' };
const PENCE = { currency: 'GBP', quoteUnit: 'GBX' };
const before = (close: string, when = '2024-02-22T16:30:00Z') => ({ close: dec(close), at: at(when) });

describe('prices on the way in', () => {
  it('become amounts of the currency: 7,512 GBX is 75.12 GBP, whoever said pence', () => {
    const bar = { open: '7500', high: '7520.5', low: '7490', volume: '1200' };
    for (const [line, unit] of [
      [PENCE, null],
      [POUNDS, 'GBp'],
      [POUNDS, 'GBX'],
    ] as const) {
      const { good, held } = checkPrices([quote('7512', { unit, ...bar })], line, before('75'));
      expect(held).toEqual([]);
      expect(good).toMatchObject([
        { close: '75.12', open: '75', high: '75.205', low: '74.9', volume: '1200', currency: 'GBP' },
      ]);
    }
  });

  it('keep 18 places of the binary fractions that sources send', () => {
    const { good } = checkPrices([quote('0.10000000149011612')], PENCE, null);
    // 0.0010000000149011612 has 19 places; half to even.
    expect(good[0]?.close).toBe('0.001000000014901161');
  });

  it('lose an open, high or low of zero, and never the close for it', () => {
    const odd = quote('63.8325', { open: '0', high: '0', low: '0' });
    expect(checkPrices([odd], POUNDS, null).good).toMatchObject([
      { close: '63.8325', open: null, high: null, low: null },
    ]);
    const upsideDown = quote('10', { high: '9', low: '11' });
    expect(checkPrices([upsideDown], POUNDS, null).good).toMatchObject([{ high: null, low: null }]);
  });
});

describe('held back', () => {
  it.each([
    ['7512', before('75.12'), 'jump_up_100'],
    ['0.7512', before('75.12'), 'jump_down_100'],
    // Moved by a fifth meanwhile, and a year and a half ago.
    ['9000', before('75.12'), 'jump_up_100'],
    ['7512', before('75.12', '2022-09-01T16:30:00Z'), 'jump_up_100'],
    ['0', before('75.12'), 'zero'],
    ['-3', null, 'negative'],
    [null, null, 'missing'],
    ['37.6', before('75.12'), 'split_not_recorded'],
    ['7.51', before('75.12'), 'split_not_recorded'],
    ['751', before('75.12'), 'split_not_recorded'],
    ['20.5', before('75.12'), 'jump'],
  ] as const)('%s after %o: %s', (close, reference, reason) => {
    const { good, held } = checkPrices([quote(close)], POUNDS, reference);
    expect(good).toEqual([]);
    expect(held).toMatchObject([{ reason, close }]);
    expect(held[0]?.comparedWith).toEqual(reference);
  });

  it('when it is in another currency than the line', () => {
    for (const unit of ['USD', 'XYZ', 'gbp']) {
      expect(checkPrices([quote('75', { unit })], POUNDS, null).held).toMatchObject([
        { reason: 'wrong_currency', close: '75', currency: unit },
      ]);
    }
  });

  it('but not for a move that markets make, nor for what is long ago', () => {
    for (const [close, reference] of [
      ['45.1', before('75.12')],
      ['120', before('75.12')],
      ['37.6', before('75.12', '2023-12-01T16:30:00Z')],
      ['7512', before('75.12', '2010-01-04T16:30:00Z')],
    ] as const) {
      expect(checkPrices([quote(close)], POUNDS, reference).held).toEqual([]);
    }
  });

  it('not when it is stored already: somebody accepted it', () => {
    const stored = new Map([['2024-02-23T16:30:00Z', '37.6']]);
    expect(checkPrices([quote('37.6')], POUNDS, before('75.12'), stored).held).toEqual([]);
    expect(checkPrices([quote('37.5')], POUNDS, before('75.12'), stored).held).toHaveLength(1);
  });

  it('one by one in a series: each is compared with the newest believed one', () => {
    const day = (text: string, close: string | null) =>
      quote(close, { at: at(`${text}T16:30:00Z`), interval: '1d' });
    const series = [
      day('2024-02-22', '7461'),
      day('2024-02-19', '7440'),
      day('2024-02-20', '74.5'),
      day('2024-02-21', null),
      day('2024-02-23', '7512'),
    ];
    const { good, held } = checkPrices(series, PENCE, null);
    expect(good.map((price) => price.close)).toEqual(['74.4', '74.61', '75.12']);
    expect(held.map((price) => [price.close, price.reason])).toEqual([
      ['0.745', 'jump_down_100'],
      [null, 'missing'],
    ]);
  });
});

describe('figures as sources write them', () => {
  it.each([
    ['517.96', '517.96'],
    ['1.5e3', '1500'],
    ['1E-7', '0.0000001'],
    ['.5', '0.5'],
    ['-0', '0'],
    ['null', null],
    ['N/D', null],
    ['1,234.5', null],
    ['1e999999', null],
    ['1e20', null],
    ['99999999999999999999.5', '99999999999999999999.5'],
    ['', null],
    ['NaN', null],
  ])('%j is %j', (text, expected) => expect(exactNumber(text)).toBe(expected));

  it('times are seconds or milliseconds, told apart by size', () => {
    expect(instantOfEpoch('1585296137')?.toString()).toBe('2020-03-27T08:02:17Z');
    expect(instantOfEpoch('1587474380227')?.toString()).toBe('2020-04-21T13:06:20.227Z');
    for (const text of ['0', '', '-5', 'x']) expect(instantOfEpoch(text)).toBeNull();
  });

  it('a day has the moment of the exchange’s close, in summer and in winter', () => {
    const close = (day: string, mic: string | null) =>
      closeOfDay(Temporal.PlainDate.from(day), mic).toString();
    expect(close('2024-02-23', 'XLON')).toBe('2024-02-23T16:30:00Z');
    expect(close('2024-07-23', 'XLON')).toBe('2024-07-23T15:30:00Z');
    expect(close('2024-02-23', 'XNAS')).toBe('2024-02-23T21:00:00Z');
    expect(close('2024-02-23', null)).toBe('2024-02-23T17:00:00Z');
    expect(close('2024-02-23', 'constructor')).toBe('2024-02-23T17:00:00Z');
  });
});
