import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PublishedRow } from '../published/index.ts';
import { joinRows, matchSecurities, planConstituents, type KnownSecurity } from './index.ts';

const row = (over: Partial<PublishedRow>): PublishedRow => ({
  rowNumbers: [1],
  kind: 'security',
  ticker: null,
  name: 'Nameless',
  isin: null,
  cusip: null,
  sedol: null,
  figi: null,
  sector: 'Unclassified',
  sectorPublished: null,
  country: 'Unclassified',
  countryPublished: null,
  currency: null,
  mic: null,
  exchangePublished: null,
  assetClass: 'Equity',
  assetClassPublished: 'Equity',
  weightPct: '1',
  marketValue: null,
  notional: null,
  quantity: null,
  price: null,
  ...over,
});

const known = (over: Partial<KnownSecurity> & { instrumentId: string }): KnownSecurity => ({
  kind: 'security',
  name: 'Nameless',
  otherNames: [],
  isin: null,
  cusip: null,
  sedol: null,
  figi: null,
  listings: [],
  country: null,
  currency: null,
  ...over,
});

const APPLE = known({
  instrumentId: 'apple',
  name: 'APPLE INC',
  isin: 'US0378331005',
  listings: [{ ticker: 'AAPL', mic: 'XNAS' }],
  country: 'United States',
});
const SANOFI = known({
  instrumentId: 'sanofi',
  name: 'SANOFI SA',
  listings: [{ ticker: 'SAN', mic: 'XPAR' }],
  country: 'France',
});
const SANTANDER = known({
  instrumentId: 'santander',
  name: 'BANCO SANTANDER SA',
  listings: [{ ticker: 'SAN', mic: 'XMAD' }],
  country: 'Spain',
});

const one = (asked: PublishedRow, securities: KnownSecurity[]) => {
  const [match] = matchSecurities([asked], securities);
  return match && { outcome: match.outcome, instrumentId: match.instrumentId };
};

describe('matching by identifier', () => {
  it('joins by ISIN whatever the name', () => {
    expect(one(row({ isin: 'US0378331005', name: 'Apfel' }), [APPLE])).toEqual({
      outcome: 'same',
      instrumentId: 'apple',
    });
  });

  it('joins a CUSIP to the ISIN that contains it, and an ISIN to the CUSIP inside it', () => {
    const byCusip = known({ instrumentId: 'c', cusip: '037833100', name: 'APPLE INC' });
    expect(one(row({ cusip: '037833100', name: 'Apple' }), [APPLE])?.instrumentId).toBe('apple');
    expect(one(row({ isin: 'US0378331005', name: 'Apple' }), [byCusip])?.instrumentId).toBe('c');
  });

  it('joins a SEDOL to a British ISIN', () => {
    const diageo = known({ instrumentId: 'd', isin: 'GB0002374006', name: 'DIAGEO PLC' });
    expect(one(row({ sedol: '0237400', name: 'Diageo' }), [diageo])?.instrumentId).toBe('d');
  });

  it('asks where identifiers point to two securities', () => {
    const other = known({ instrumentId: 'other', cusip: '594918104', name: 'MICROSOFT CORP' });
    const match = matchSecurities(
      [row({ isin: 'US0378331005', cusip: '594918104', name: 'Apple' })],
      [other, APPLE],
    )[0];
    expect(match?.outcome).toBe('unsure');
    expect(match?.candidates.map((candidate) => candidate.instrumentId)).toEqual(['apple', 'other']);
  });

  it('keeps another ISIN apart and says so', () => {
    const asked = row({
      isin: 'US5949181045',
      ticker: 'AAPL',
      name: 'APPLE INC',
      mic: 'XNAS',
      country: 'United States',
    });
    expect(one(asked, [APPLE])?.outcome).toBe('unsure');
  });
});

describe('matching by ticker, place and name', () => {
  it('joins a file without ISINs to a security that another file brought with one', () => {
    expect(one(row({ ticker: 'AAPL', name: 'Apple Inc.', mic: 'XNAS' }), [APPLE])?.instrumentId).toBe(
      'apple',
    );
    expect(one(row({ ticker: 'AAPL', name: 'APPLE', country: 'United States' }), [APPLE])?.instrumentId).toBe(
      'apple',
    );
  });

  it('joins within a country when a share moved to another exchange', () => {
    const walmart = known({
      instrumentId: 'w',
      name: 'WALMART INC',
      listings: [{ ticker: 'WMT', mic: 'XNYS' }],
    });
    expect(one(row({ ticker: 'WMT', name: 'WALMART INC', mic: 'XNAS' }), [walmart])?.instrumentId).toBe('w');
  });

  it('meets BRK.B, BRKB and BRK/B', () => {
    const berkshire = known({
      instrumentId: 'b',
      name: 'BERKSHIRE HATHAWAY INC CLASS B',
      listings: [{ ticker: 'BRKB', mic: 'XNYS' }],
    });
    for (const ticker of ['BRK.B', 'BRKB', 'BRK/B']) {
      expect(one(row({ ticker, name: 'Berkshire Hathaway Inc-Cl B', mic: 'XNYS' }), [berkshire])).toEqual({
        outcome: 'same',
        instrumentId: 'b',
      });
    }
  });

  it('never merges two companies with one ticker', () => {
    const both = [SANOFI, SANTANDER];
    expect(
      one(row({ ticker: 'SAN', name: 'SANOFI SA', mic: 'XPAR', country: 'France' }), both)?.instrumentId,
    ).toBe('sanofi');
    expect(
      one(row({ ticker: 'SAN', name: 'BANCO SANTANDER SA', mic: 'XMAD', country: 'Spain' }), [SANOFI])
        ?.outcome,
    ).toBe('new');
    const sap = known({
      instrumentId: 'sap',
      name: 'SAP',
      listings: [{ ticker: 'SAP', mic: 'XETR' }],
      country: 'Germany',
    });
    expect(
      one(row({ ticker: 'SAP', name: 'SAPUTO INC', mic: 'XTSE', country: 'Canada' }), [sap])?.outcome,
    ).toBe('new');
    const rio = known({
      instrumentId: 'rio',
      name: 'RIO TINTO PLC',
      listings: [{ ticker: 'RIO', mic: 'XLON' }],
      country: 'United Kingdom',
    });
    expect(
      one(row({ ticker: 'RIO', name: 'RIO TINTO LTD', mic: 'XASX', country: 'Australia' }), [rio])?.outcome,
    ).toBe('new');
  });

  it('is unsure where the name changed, where only the name is the same, and where no place is given', () => {
    const ge = known({
      instrumentId: 'ge',
      name: 'GENERAL ELECTRIC',
      listings: [{ ticker: 'GE', mic: 'XNYS' }],
      country: 'United States',
    });
    expect(one(row({ ticker: 'GE', name: 'GE AEROSPACE', mic: 'XNYS' }), [ge])?.outcome).toBe('unsure');
    const peak = known({
      instrumentId: 'p',
      name: 'HEALTHPEAK PROPERTIES INC',
      listings: [{ ticker: 'PEAK', mic: 'XNYS' }],
      country: 'United States',
    });
    expect(one(row({ ticker: 'DOC', name: 'HEALTHPEAK PROPERTIES INC', mic: 'XNYS' }), [peak])?.outcome).toBe(
      'unsure',
    );
    expect(one(row({ ticker: 'AAPL', name: 'APPLE INC' }), [APPLE])?.outcome).toBe('unsure');
  });

  it('joins a renamed company once a person confirmed the other name', () => {
    const ge = known({
      instrumentId: 'ge',
      name: 'GENERAL ELECTRIC',
      otherNames: ['GE AEROSPACE'],
      listings: [{ ticker: 'GE', mic: 'XNYS' }],
    });
    expect(one(row({ ticker: 'GE', name: 'GE AEROSPACE', mic: 'XNYS' }), [ge])?.instrumentId).toBe('ge');
  });

  it('keeps share classes apart', () => {
    const classA = known({
      instrumentId: 'a',
      name: 'ALPHABET INC CLASS A',
      listings: [{ ticker: 'GOOGL', mic: 'XNAS' }],
    });
    expect(one(row({ ticker: 'GOOG', name: 'ALPHABET INC CLASS C', mic: 'XNAS' }), [classA])?.outcome).toBe(
      'new',
    );
  });

  it('knows again a line that its issuer publishes without a ticker', () => {
    const right = known({
      instrumentId: 'r',
      name: 'GLASGOW SHIPPING PRVT',
      listings: [{ ticker: null, mic: 'XBOM' }],
      country: 'India',
      currency: 'INR',
    });
    const again = row({ name: 'Glasgow Shipping Prvt', mic: 'XBOM', country: 'India', currency: 'INR' });
    expect(one(again, [right])?.instrumentId).toBe('r');
    expect(one({ ...again, currency: 'USD' }, [right])?.outcome).toBe('unsure');
  });

  it('says the same whatever the order of rows and of known securities', () => {
    const rows = [
      row({ rowNumbers: [1], ticker: 'SAN', name: 'SANOFI SA', mic: 'XPAR', country: 'France' }),
      row({ rowNumbers: [2], ticker: 'SAN', name: 'BANCO SANTANDER SA', mic: 'XMAD', country: 'Spain' }),
      row({ rowNumbers: [3], isin: 'US0378331005', name: 'APPLE INC' }),
      row({ rowNumbers: [4], ticker: 'GE', name: 'GE AEROSPACE', mic: 'XNYS' }),
      row({ rowNumbers: [5], kind: 'cash', assetClass: 'Cash', name: 'USD CASH', currency: 'USD' }),
    ];
    const securities = [SANTANDER, APPLE, SANOFI];
    const outcome = (rowOrder: readonly PublishedRow[], knownOrder: readonly KnownSecurity[]) =>
      new Map(
        matchSecurities(rowOrder, knownOrder).map((match) => [
          rowOrder[match.rowIndex]?.rowNumbers[0],
          `${match.outcome} ${match.instrumentId ?? ''} ${match.evidence}`,
        ]),
      );
    const expected = outcome(rows, securities);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(rows, { minLength: rows.length }),
        fc.shuffledSubarray(securities, { minLength: securities.length }),
        (shuffledRows, shuffledKnown) => {
          const found = outcome(shuffledRows, shuffledKnown);
          for (const [number, text] of expected) expect(found.get(number)).toBe(text);
        },
      ),
    );
  });
});

describe('joining rows of one file', () => {
  it('adds rows of one ISIN up, exactly, and says so', () => {
    const { rows, warnings } = joinRows([
      row({
        rowNumbers: [4],
        isin: 'US0378331005',
        name: 'APPLE INC',
        weightPct: '0.1',
        marketValue: '10.10',
      }),
      row({
        rowNumbers: [9],
        isin: 'US0378331005',
        name: 'APPLE INC',
        weightPct: '0.2',
        marketValue: '20.20',
      }),
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ rowNumbers: [4, 9], weightPct: '0.3', marketValue: '30.3' });
    expect(warnings).toMatchObject([{ code: 'identifier_repeats', rowNumbers: [4, 9] }]);
    expect(warnings[0]?.message).toContain('US0378331005');
  });

  it('makes one derivative of each currency pair and one cash of each currency', () => {
    const fx = { kind: 'derivative', assetClass: 'FX forward', currency: 'USD' } as const;
    const cash = { kind: 'cash', assetClass: 'Cash' } as const;
    const { rows } = joinRows([
      row({ ...fx, rowNumbers: [1], ticker: 'INR', name: 'INR/USD', weightPct: '-0.01' }),
      row({ ...fx, rowNumbers: [2], ticker: 'THB', name: 'THB/USD', weightPct: '0.02' }),
      row({ ...fx, rowNumbers: [3], ticker: 'INR', name: 'INR/USD', weightPct: '0.04' }),
      row({ ...cash, rowNumbers: [4], ticker: 'USD', name: 'USD CASH', currency: 'USD', weightPct: '0.5' }),
      row({ ...cash, rowNumbers: [5], ticker: 'M', name: 'USD MARGIN', currency: 'USD', weightPct: '0.25' }),
      row({ ...cash, rowNumbers: [6], ticker: 'EUR', name: 'EUR CASH', currency: 'EUR', weightPct: '-0.1' }),
    ]);
    expect(rows.map(({ name, weightPct }) => [name, weightPct])).toEqual([
      ['INR/USD', '0.03'],
      ['THB/USD', '0.02'],
      ['USD cash', '0.75'],
      ['EUR cash', '-0.1'],
    ]);
  });

  it('keeps two companies with one ticker apart', () => {
    const { rows } = joinRows([
      row({ ticker: 'SAN', name: 'SANOFI SA', mic: 'XPAR' }),
      row({ ticker: 'SAN', name: 'BANCO SANTANDER SA', mic: 'XMAD' }),
    ]);
    expect(rows).toHaveLength(2);
  });
});

describe('planning an import', () => {
  it('never has one security twice, also when two rows turn out to be one that is known', () => {
    const { constituents, warnings } = planConstituents(
      [
        row({ rowNumbers: [2], isin: 'US0378331005', name: 'APPLE INC', weightPct: '5' }),
        row({ rowNumbers: [7], ticker: 'AAPL', name: 'Apple', mic: 'XNAS', weightPct: '1.5' }),
        row({ rowNumbers: [8], ticker: 'NEWC', name: 'Newcomer', mic: 'XNAS', weightPct: '2' }),
      ],
      [APPLE],
    );
    expect(
      constituents.map((planned) => [planned.outcome, planned.instrumentId, planned.row.weightPct]),
    ).toEqual([
      ['same', 'apple', '6.5'],
      ['new', null, '2'],
    ]);
    expect(warnings.map((warning) => warning.code)).toEqual(['identifier_repeats']);
  });

  it('finds cash and forwards again at the next import', () => {
    const securities = [
      known({ instrumentId: 'usd', kind: 'cash', name: 'USD cash', currency: 'USD' }),
      known({
        instrumentId: 'fx',
        kind: 'derivative',
        name: 'INR/USD',
        listings: [{ ticker: 'INR/USD', mic: null }],
      }),
      known({
        instrumentId: 'mar',
        kind: 'derivative',
        name: 'INDEX MAR 24',
        listings: [{ ticker: 'IXH4', mic: 'XCME' }],
      }),
    ];
    const rows = [
      row({ kind: 'cash', assetClass: 'Cash', name: 'USD CASH(COMMITTED)', currency: 'USD' }),
      row({ kind: 'derivative', assetClass: 'FX forward', name: 'INR/USD', ticker: 'INR', currency: 'USD' }),
      row({ kind: 'derivative', assetClass: 'Future', name: 'INDEX MAR 24', ticker: 'IXH4' }),
      row({ kind: 'derivative', assetClass: 'Future', name: 'INDEX JUN 24', ticker: 'IXM4' }),
    ];
    const { constituents } = planConstituents(rows, securities);
    expect(constituents.map((planned) => planned.instrumentId)).toEqual(['usd', 'fx', 'mar', null]);
  });
});
