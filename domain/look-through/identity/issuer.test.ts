import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupByIssuer, issuerKeys, validLei, type IssuedSecurity } from './index.ts';

const US = 'United States';
const security = (
  instrumentId: string,
  name: string,
  traits: { country?: string; isin?: string; cusip?: string; lei?: string } = {},
): IssuedSecurity => ({
  instrumentId,
  name,
  issuerKeys: issuerKeys({ name, country: US, ...traits }),
});

/** Groups of names, as a reader would write them down. */
const groupsOf = (securities: readonly IssuedSecurity[]): string[][] =>
  [...new Set(groupByIssuer(securities).values())].map((issuer) => [...issuer.instrumentIds]);

describe('legal entity identifiers', () => {
  it('holds by its two check digits', () => {
    // Apple Inc. and the International Business Machines Corporation, from the Global LEI Index.
    expect(validLei('hwupkr0mpou8fgxbt394')).toBe('HWUPKR0MPOU8FGXBT394');
    expect(validLei('VGRQXHF3J8VDLUA7XE92')).toBe('VGRQXHF3J8VDLUA7XE92');
    expect(validLei('HWUPKR0MPOU8FGXBT395')).toBeNull();
  });
});

describe('share classes', () => {
  it.each([
    ['ALPHABET INC CLASS A', 'ALPHABET INC CLASS C', 'ALPHABET INC'],
    ['BERKSHIRE HATHAWAY INC CLASS B', 'Berkshire Hathaway Inc. Class A', 'BERKSHIRE HATHAWAY INC'],
    ['ROCHE HOLDING PAR AG', 'ROCHE HOLDING AG', 'ROCHE HOLDING'],
    ['VOLKSWAGEN NON-VOTING PREF AG', 'VOLKSWAGEN AG', 'VOLKSWAGEN'],
    ['NEWS CORP CLASS A', 'NEWS CORP CLASS B', 'NEWS CORP'],
    ['SHANDONG GOLD MINING LTD H', 'SHANDONG GOLD-MINING LTD A', 'SHANDONG GOLD MINING LTD H'],
  ])('%s and %s are of %s', (a, b, name) => {
    const issuers = groupByIssuer([security('1', a), security('2', b)]);
    expect(issuers.get('1')).toEqual({ issuerId: '1', name, instrumentIds: ['1', '2'] });
    expect(issuers.get('2')).toBe(issuers.get('1'));
  });
});

describe('other companies', () => {
  it.each([
    ['SOFTBANK GROUP CORP', 'SOFTBANK CORP'],
    ['HEINEKEN NV', 'HEINEKEN HOLDING NV'],
    ['CHINA LIFE INSURANCE LTD H', 'NEW CHINA LIFE INSURANCE LTD A'],
    ['MERCK & CO INC', 'MERCK'],
    ['SAP', 'SAPUTO INC'],
  ])('%s and %s stay apart', (a, b) => {
    expect(groupsOf([security('1', a), security('2', b)])).toEqual([['1'], ['2']]);
  });

  it('namesakes in two countries, or in none, stay apart', () => {
    const two = [security('1', 'ORION'), security('2', 'ORION', { country: 'Finland' })];
    expect(groupsOf(two)).toEqual([['1'], ['2']]);
    const nowhere = { country: 'Unclassified' };
    expect(groupsOf([security('1', 'ORION', nowhere), security('2', 'ORION', nowhere)])).toEqual([
      ['1'],
      ['2'],
    ]);
  });

  it('a CUSIP of the kind that firms give themselves says nothing', () => {
    expect(issuerKeys({ name: 'X', country: null, cusip: '990000009' })).toEqual([]);
  });
});

describe('numbers', () => {
  it('one legal entity, or one issuer in a CUSIP or in a US ISIN, whatever the name', () => {
    const lei = 'HWUPKR0MPOU8FGXBT394';
    expect(
      groupsOf([
        security('1', 'APPLE INC', { isin: 'US0378331005' }),
        security('2', 'A P P L E', { cusip: '037833100', country: 'Ireland' }),
        security('3', 'AAPL 3.85 05/04/43', { lei, country: 'Ireland' }),
        security('4', 'APPLE INC', { lei }),
        security('5', 'MICROSOFT CORP', { isin: 'US5949181045' }),
      ]),
    ).toEqual([['1', '2', '3', '4'], ['5']]);
  });
});

it('neither the order of the securities nor that of their keys matters, and a shared key always joins', () => {
  const keys = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), { maxLength: 3 });
  const installs = fc.array(keys, { maxLength: 12 }).chain((lists) => {
    const securities = lists.map((issuerKeyList, at): IssuedSecurity => ({
      instrumentId: String(at).padStart(2, '0'),
      name: `Company ${at}`,
      issuerKeys: issuerKeyList,
    }));
    return fc.tuple(
      fc.constant(securities),
      fc.shuffledSubarray(securities, { minLength: securities.length, maxLength: securities.length }),
    );
  });
  fc.assert(
    fc.property(installs, ([securities, shuffled]) => {
      const issuers = groupByIssuer(securities);
      const turned = shuffled.map((one) => ({ ...one, issuerKeys: one.issuerKeys.toReversed() }));
      expect(Object.fromEntries(groupByIssuer(turned))).toEqual(Object.fromEntries(issuers));
      const torn = securities.flatMap((a) =>
        securities
          .filter((b) => a.issuerKeys.some((key) => b.issuerKeys.includes(key)))
          .filter((b) => issuers.get(a.instrumentId) !== issuers.get(b.instrumentId)),
      );
      expect(torn).toEqual([]);
    }),
  );
});
