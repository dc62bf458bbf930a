import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCsv, parseNumber } from './csv.ts';
import { syntheticFigures, syntheticFunds } from './figures.ts';
import { Fraction } from './fraction.ts';
import { Identities, namesAgree } from './identity.ts';
import { exposure } from './look-through.ts';

const { funds } = syntheticFunds();
const byKey = new Map(funds.map((fund) => [fund.key, fund]));
const identities = new Identities(funds, false);
const figures = syntheticFigures();

describe('reading', () => {
  it('reads quotes, doubled quotes and line breaks inside them', () => {
    expect(parseCsv('\uFEFFa,"b ""c"", d"\r\n"1\n2",\n')).toEqual([
      ['a', 'b "c", d'],
      ['1\n2', ''],
    ]);
  });

  it('reads grouped numbers of both languages exactly and refuses the other language', () => {
    expect(parseNumber('-1.234.567,89', 'it')?.toDecimal()).toBe('-1234567.89');
    expect(parseNumber('1,234.50', 'en')?.toDecimal()).toBe('1234.5');
    expect(parseNumber('-', 'it')).toBeNull();
    expect(() => parseNumber('1.234,50', 'en')).toThrow(SyntaxError);
  });

  it('rounds ties as it is told', () => {
    expect(Fraction.of('0.125').toFixed(2)).toBe('0.13');
    expect(Fraction.of('0.125').toFixed(2, 'half-even')).toBe('0.12');
    expect(Fraction.of('-0.125').toFixed(2)).toBe('-0.13');
    expect(new Fraction(2n, 3n).toFixed(0)).toBe('1');
  });
});

describe('exposure, checked by hand', () => {
  it('includes negative cash and gives what the lines do not cover to Unclassified', () => {
    const alpha = exposure(byKey, 'ALPHA', 'published', identities);
    // 25 − 0.35 of dollar cash; the lines sum to 99.40
    expect(alpha.byCountry['United States']).toBe(24.65);
    expect(alpha.byCountry['Unclassified']).toBe(0.6);
    expect(alpha.bySector['Cash and derivatives']).toBe(-0.15);
    expect(alpha.byRegion).toMatchObject({ UK: 22.55, Europe: 30.2, 'Emerging Markets': 10 });
    expect(alpha.byCurrency).toMatchObject({ EUR: 30.2, USD: 24.65, GBP: 22.55, JPY: 12, KRW: 10 });
  });

  it('divides by the sum of the weights, or by the market values', () => {
    // 24.65 / 99.40 and 246,500 / 995,000; the line without a weight has a market value of 1,000
    expect(exposure(byKey, 'ALPHA', 'normalised', identities).byCountry['United States']).toBe(24.798793);
    const byValue = exposure(byKey, 'ALPHA', 'marketValue', identities);
    expect(byValue.byCountry['United States']).toBe(24.773869);
    expect(byValue.byCountry['Canada']).toBe(0.100503);
  });

  it('gives more than 100 a negative Unclassified, and an invented sector a warning', () => {
    const beta = exposure(byKey, 'BETA', 'published', identities);
    expect(beta.byCountry).toEqual({ 'United States': 100.25, Unclassified: -0.25 });
    // 8 of the invented sector − 0.25
    expect(beta.bySector['Unclassified']).toBe(7.75);
    expect(beta.warnings).toEqual(['BETA: unknown sector: Sorcery']);
  });

  it('opens funds two levels deep and says by which paths a company is held', () => {
    const delta = exposure(byKey, 'DELTA', 'published', identities);
    // 0.2 × 50 + 0.5 × (0.6 × 25 + 0.3 × 50) = 10 + 7.5 + 7.5
    expect(delta.topCompanies[0]).toEqual({
      name: 'NORDLICHT MASCHINEN AG',
      pct: 25.5,
      paths: [
        { via: ['DELTA'], pct: 16.5 },
        { via: ['DELTA', 'GAMMA', 'ALPHA'], pct: 9 },
      ],
    });
    expect(delta.topCompanies[1]?.paths.map(({ pct }) => pct)).toEqual([10, 7.5, 7.5]);
    // 1 of its own + 10 in a fund without a file + 0.5 × (0.6 × 0.6 − 0.3 × 0.25) − 0.2 × 0.25
    expect(delta.uncoveredPct).toBe(11.0925);
    expect(delta.byCountry['Canada']).toBe(-1.5);
  });

  it('normalises each fund by its own sum', () => {
    // 0.6 × 25 / 99.40 + 0.3 × 50 / 100.25
    const gamma = exposure(byKey, 'GAMMA', 'normalised', identities);
    expect(gamma.topCompanies[0]).toMatchObject({ name: 'ORCHARD SYSTEMS INC CLASS A', pct: 30.053137 });
    expect(gamma.uncoveredPct).toBe(0);
  });

  it('stops at a cycle and leaves the rest unclassified', () => {
    const ouro = exposure(byKey, 'OURO', 'published', identities);
    expect(ouro.byCountry).toEqual({ 'United States': 50, 'United Kingdom': 30, Unclassified: 20 });
    expect(ouro.warnings).toEqual(['cycle: OURO > BOROS > OURO']);
  });

  it('weights a portfolio by value', () => {
    // 0.6 × 12 + 0.3 × 0.5 × 0.6 × 12
    expect(figures.portfolio.exposure.published.byCountry['Japan']).toBe(8.28);
  });
});

describe('overlap, checked by hand', () => {
  it('adds the lesser published weight of each shared security and keeps equal tickers apart', () => {
    // Orchard Systems min(25, 50); the two PRU are different companies in different places
    expect(figures.overlap['ALPHA']?.['BETA']).toBe(25);
    // 30 + 10 + 6 + 3 + 2.4
    expect(figures.overlap['GAMMA']?.['BETA']).toBe(51.4);
    expect(figures.overlap['BETA']?.['BETA']).toBe(100);
  });

  it('reports an equal ticker in the same place under another name', () => {
    expect(figures.doubts).toEqual([
      { ticker: 'ORC', kept: 'ORCHARD SYSTEMS INC CLASS A', apart: 'Orchard Capital Corp' },
    ]);
  });

  it('takes legal forms, share classes and cut-off names for agreement, and other words not', () => {
    expect(namesAgree('BEST BUY INC', 'BEST BUY CO INC')).toBe(true);
    expect(namesAgree('TE CONNECTIVITY PLC', 'TE CONNECTIVITY LTD')).toBe(true);
    expect(namesAgree('LENNAR A CORP CLASS A', 'LENNAR A CORP')).toBe(true);
    expect(namesAgree('GENERAL ELECTRIC', 'GE AEROSPACE')).toBe(false);
    expect(namesAgree('PHOSAGRO', 'PHOSAGRO GDR')).toBe(false);
  });
});

it('the committed figures are those of the fixtures', () => {
  const committed: unknown = JSON.parse(
    readFileSync(join(import.meta.dirname, 'figures', 'synthetic.json'), 'utf8'),
  );
  expect(JSON.parse(JSON.stringify(figures))).toEqual(committed);
});
