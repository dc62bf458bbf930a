import { currency, dec, decimalText } from '@pm/domain/money';
import type { Rate } from '@pm/domain/market-data';
import { describe, expect, it } from 'vitest';
import { choosePrice, isStale, lessDebt, totalsBy, valueOf, type PriceQuote } from './index.ts';

const GBP = currency('GBP');
const USD = currency('USD');
const NOW = Temporal.Instant.from('2024-02-26T12:00:00Z');

const price = (kind: PriceQuote['kind'], hoursOld: number, close = '75.12'): PriceQuote => ({
  close: dec(close),
  currency: GBP,
  quoted: { close: dec(close), unit: 'GBP' },
  at: NOW.subtract({ hours: hoursOld }),
  kind,
  source: 'test',
});

const rate = (text: string): Rate => ({
  from: USD,
  to: GBP,
  rate: dec(text),
  date: Temporal.PlainDate.from('2024-02-23'),
  requestedDate: Temporal.PlainDate.from('2024-02-26'),
  source: 'ECB',
  method: 'cross',
  legs: [],
  carriedForward: true,
});

describe('staleness', () => {
  it('begins after three days for a live price and after seven for one given by hand; cash has none', () => {
    expect(isStale(price('live', 72), NOW)).toBe(false);
    expect(isStale(price('live', 73), NOW)).toBe(true);
    expect(isStale(price('manual', 168), NOW)).toBe(false);
    expect(isStale(price('manual', 169), NOW)).toBe(true);
    expect(isStale(price('cash', 100_000), NOW)).toBe(false);
  });
});

describe('the price to value with', () => {
  const fresh = price('live', 1);
  const old = price('live', 100);
  const given = price('manual', 500);

  it('is a fresh live one before one given by hand', () => {
    expect(choosePrice(fresh, given, NOW)).toBe(fresh);
  });

  it('is the one given by hand, however old, before a stale live one', () => {
    expect(choosePrice(old, given, NOW)).toBe(given);
    expect(choosePrice(null, given, NOW)).toBe(given);
  });

  it('is the stale live one when there is no other, and none when there is none', () => {
    expect(choosePrice(old, null, NOW)).toBe(old);
    expect(choosePrice(null, null, NOW)).toBeNull();
  });
});

describe('value', () => {
  it('is quantity times price times rate, to the eighteenth place', () => {
    // By hand, Python's decimal module with 80 digits: 962.0635128898052651891295553909769664.
    const valued = valueOf(dec('12.3456789'), price('live', 1, '98.7654321'), rate('0.78901234567890123456'));
    expect('value' in valued ? decimalText(valued.value) : valued).toBe('962.063512889805265189');
  });

  it('is not there without a price or a rate, and never zero or at par', () => {
    const quote = price('live', 1);
    const missing = {
      missing: 'rate',
      from: USD,
      to: GBP,
      requestedDate: Temporal.PlainDate.from('2024-02-26'),
    } as const;
    expect(valueOf(dec('1'), null, rate('1'))).toEqual({ missing: 'price', price: null });
    expect(valueOf(dec('1'), quote, null)).toEqual({
      missing: 'rate',
      price: quote,
      rateFrom: GBP,
    });
    expect(valueOf(dec('1'), quote, missing)).toMatchObject({ missing: 'rate', price: quote });
  });

  it('is less what is owed, at the rate of the debt; without that rate there is none', () => {
    const house = valueOf(dec('1'), price('manual', 1, '450000'), { ...rate('1'), from: GBP });
    const debt = { amount: dec('300000'), currency: USD, since: Temporal.PlainDate.from('2024-01-01') };
    const net = lessDebt(house, debt, rate('0.8'));
    expect('value' in net && [net.value, net.assets, net.owed?.value].map(String)).toEqual([
      '210000',
      '450000',
      '240000',
    ]);
    expect(lessDebt(house, debt, null)).toMatchObject({ missing: 'rate', rateFrom: USD });
    expect(lessDebt({ missing: 'price', price: null }, debt, rate('0.8'))).toEqual({
      missing: 'price',
      price: null,
    });
  });
});

describe('totals', () => {
  it('add up by name, in the order of first appearance', () => {
    const rows = [
      { name: 'ISA', amount: '0.1' },
      { name: 'SIPP', amount: '5' },
      { name: 'ISA', amount: '0.2' },
      { name: 'constructor', amount: '-1' },
    ];
    const totals = totalsBy(
      rows,
      (row) => row.name,
      (row) => dec(row.amount),
    );
    expect([...totals].map(([name, amount]) => [name, decimalText(amount)])).toEqual([
      ['ISA', '0.3'],
      ['SIPP', '5'],
      ['constructor', '-1'],
    ]);
  });
});
