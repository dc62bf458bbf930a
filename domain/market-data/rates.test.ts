import { describe, expect, it } from 'vitest';
import { currency, dec } from '@pm/domain/money';
import { publishedRate, rateOn, type PublishedRate } from './rates.ts';

const ecb = (to: string, rate: string, date: string): PublishedRate => ({
  from: currency('EUR'),
  to: currency(to),
  rate: dec(rate),
  date: Temporal.PlainDate.from(date),
  source: 'ECB',
});
const day = (text: string) => Temporal.PlainDate.from(text);
const [GBP, USD, EUR] = [currency('GBP'), currency('USD'), currency('EUR')];
const rates = [
  ecb('USD', '1.1080', '2019-12-24'),
  ecb('GBP', '0.85535', '2019-12-24'),
  ecb('USD', '1.1087', '2019-12-23'),
  ecb('GBP', '0.85640', '2019-12-20'),
];

describe('a rate on a day', () => {
  it('crosses through the euro with both legs of one day, carried over the holiday', () => {
    const rate = rateOn(rates, GBP, USD, day('2019-12-25'));
    expect(rate).toMatchObject({ method: 'cross', carriedForward: true, source: 'ECB' });
    if ('missing' in rate) throw new Error('missing');
    // 1.1080 / 0.85535 to 20 places, worked out by long division.
    expect(rate.rate.toFixed(20)).toBe('1.29537616180510901970');
    expect(rate.date.toString()).toBe('2019-12-24');
    expect(rate.legs.map((leg) => `${leg.from}${leg.to} ${leg.rate.toFixed()}`)).toEqual([
      'EURGBP 0.85535',
      'EURUSD 1.108',
    ]);
  });

  it('takes a published rate as it is and inverts the other direction', () => {
    expect(rateOn(rates, EUR, USD, day('2019-12-24'))).toMatchObject({
      method: 'published',
      carriedForward: false,
      rate: dec('1.108'),
    });
    const inverse = rateOn(rates, USD, EUR, day('2019-12-24'));
    expect('rate' in inverse && inverse.rate.toFixed(20)).toBe('0.90252707581227436823');
  });

  it('never mixes days: a day with one leg only falls back to the newest day with both', () => {
    const rate = rateOn([...rates, ecb('USD', '1.2', '2019-12-27')], GBP, USD, day('2019-12-28'));
    expect('rate' in rate && rate.date.toString()).toBe('2019-12-24');
  });

  it('prefers the ECB on one day, and takes the Bank of England’s where that is newer', () => {
    const boe = (to: string, rate: string, date: string): PublishedRate => ({
      ...ecb(to, rate, date),
      from: GBP,
      source: 'BoE',
    });
    const both = [...rates, boe('USD', '1.29', '2019-12-24'), boe('EUR', '1.17', '2019-12-24')];
    expect(rateOn(both, GBP, USD, day('2019-12-24'))).toMatchObject({ source: 'ECB', method: 'cross' });
    const newer = rateOn([...both, boe('USD', '1.31', '2019-12-27')], GBP, USD, day('2019-12-28'));
    expect(newer).toMatchObject({ source: 'BoE', method: 'published', rate: dec('1.31') });
    // 1.31 / 1.17 by long division: a cross through the pound, both legs the Bank's.
    const newest = [boe('USD', '1.31', '2019-12-27'), boe('EUR', '1.17', '2019-12-27')];
    const cross = rateOn(newest, EUR, USD, day('2019-12-27'));
    expect(cross).toMatchObject({ source: 'BoE', method: 'cross' });
    expect('rate' in cross && cross.rate.toFixed(12)).toBe('1.119658119658');
  });

  it('is missing beyond seven days, before the first day and for a later day only', () => {
    expect(rateOn(rates, GBP, USD, day('2020-01-01'))).toMatchObject({ missing: 'rate' });
    expect(rateOn(rates, GBP, USD, day('2019-12-31'))).toMatchObject({ method: 'cross' });
    expect(rateOn(rates, EUR, USD, day('2019-12-22'))).toMatchObject({ missing: 'rate' });
  });

  it('is one for a currency against itself, without any source', () => {
    expect(rateOn([], GBP, GBP, day('2019-12-22'))).toMatchObject({ method: 'identity', rate: dec('1') });
  });
});

describe('a published figure', () => {
  it.each(['N/A', '', '-1', '0', '0.0000', '1e5', 'NaN'])('refuses %j', (text) =>
    expect(publishedRate(text)).toBeNull(),
  );
  it('reads a plain decimal', () => expect(publishedRate('186.75')?.toFixed()).toBe('186.75'));
});
