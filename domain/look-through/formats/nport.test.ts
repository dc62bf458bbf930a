import { describe, expect, it } from 'vitest';
import type { ConstituentFile, PublishedRow } from '../published/index.ts';
import { FormatError, readConstituentFile } from './index.ts';

type Investment = {
  name: string;
  title?: string;
  pct: string;
  asset?: string;
  issuer?: string;
  payoff?: string;
  more?: string;
  ids?: string;
};

const investment = ({
  name,
  title = name,
  pct,
  asset = 'EC',
  issuer = 'CORP',
  payoff = 'Long',
  more = '',
  ids = '',
}: Investment): string => `
  <invstOrSec>
    <name>${name}</name><lei>N/A</lei><title>${title}</title><cusip>000000000</cusip>
    <identifiers>${ids === '' ? '<other otherDesc="Internal" value="1"/>' : ids}</identifiers>
    <balance>10</balance><units>NS</units><curCd>USD</curCd><valUSD>1000.5</valUSD><pctVal>${pct}</pctVal>
    <payoffProfile>${payoff}</payoffProfile><assetCat>${asset}</assetCat><issuerCat>${issuer}</issuerCat>
    <invCountry>US</invCountry>${more}<securityLending><isCashCollateral>N</isCashCollateral></securityLending>
  </invstOrSec>`;

type About = { cash?: string; final?: string; day?: string; before?: string };

const filing = (
  investments: string,
  { cash = '0.00', final = 'N', day = '2024-09-30', before = '' }: About = {},
): string => `
${before}<?xml version="1.0" encoding="UTF-8"?><edgarSubmission xmlns="http://www.sec.gov/edgar/nport" xmlns:ncom="http://www.sec.gov/edgar/nportcommon">
  <headerData><submissionType>NPORT-P</submissionType></headerData>
  <formData>
    <genInfo><regName>Northwind Trust</regName><seriesName>Northwind Long &amp; Short Series</seriesName>
      <repPdEnd>2024-12-31</repPdEnd><repPdDate>${day}</repPdDate><isFinalFiling>${final}</isFinalFiling></genInfo>
    <fundInfo><netAssets>200000.00</netAssets><cshNotRptdInCorD>${cash}</cshNotRptdInCorD></fundInfo>
    ${investments === '' ? '' : `<invstOrSecs>${investments}</invstOrSecs>`}
    <signature><ncom:title>Treasurer</ncom:title></signature>
  </formData>
</edgarSubmission>`;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const read = (investments: readonly Investment[], about: About = {}): ConstituentFile =>
  readConstituentFile(bytes(filing(investments.map((one) => investment(one)).join(''), about)));
const only = (one: Investment): PublishedRow | undefined => read([one]).rows[0];
const refusal = (text: string): FormatError => {
  try {
    readConstituentFile(bytes(text));
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('The file was taken');
};

describe('filings of Form N-PORT', () => {
  it('reads a share with all it has', () => {
    const ids = '<isin value="US0378331005"/><ticker value="ORCH"/>';
    const text = filing(
      investment({ name: 'Orchard Inc.', title: 'Orchard Inc., Class A', pct: '99.5000000001', ids }),
    )
      .replace('<lei>N/A</lei>', '<lei>HWUPKR0MPOU8FGXBT394</lei>')
      .replace('000000000', '037833100');
    const file = readConstituentFile(bytes(text), { fileName: 'x.csv', contentType: 'text/csv' });
    expect(file).toMatchObject({
      format: 'nport-xml',
      fundName: 'Northwind Long & Short Series',
      warnings: [],
    });
    expect(file.asOf?.toString()).toBe('2024-09-30');
    expect(file.rows).toEqual([
      expect.objectContaining({
        rowNumbers: [1],
        kind: 'security',
        name: 'Orchard Inc., Class A',
        ticker: 'ORCH',
        isin: 'US0378331005',
        cusip: '037833100',
        lei: 'HWUPKR0MPOU8FGXBT394',
        country: 'United States',
        currency: 'USD',
        assetClass: 'Equity',
        assetClassPublished: 'Equity-common',
        weightPct: '99.5000000001',
        marketValue: '1000.5',
        quantity: '10',
      }),
    ]);
  });

  it.each([
    ['EC', 'CORP', 'security', 'Equity'],
    ['EP', 'CORP', 'security', 'Equity'],
    ['EC', 'RF', 'fund', 'Fund'],
    ['EC', 'PF', 'fund', 'Fund'],
    ['STIV', 'RF', 'fund', 'Cash'],
    ['RA', 'CORP', 'cash', 'Cash'],
    ['DBT', 'MUN', 'security', 'Fixed Income'],
    ['LON', 'CORP', 'security', 'Fixed Income'],
    ['SN', 'CORP', 'security', 'Fixed Income'],
    ['ABS-MBS', 'USGSE', 'security', 'Fixed Income'],
    ['COMM', 'OTHER', 'security', 'Commodity'],
    ['RE', 'OTHER', 'security', 'Real Estate'],
    ['OTHER', 'OTHER', 'security', 'Unclassified'],
  ])('%s of %s is a %s of %s', (asset, issuer, kind, assetClass) => {
    const file = read([{ name: 'Plain', pct: '100', asset, issuer }]);
    expect(file.rows[0]).toMatchObject({ kind, assetClass });
    expect(file.warnings).toEqual([]);
  });

  it('reads categories and currencies in their conditional form', () => {
    const text = filing(investment({ name: 'Odd', pct: '100' }))
      .replace('<assetCat>EC</assetCat>', '<assetConditional desc="Rights" assetCat="OTHER"/>')
      .replace('<issuerCat>CORP</issuerCat>', '<issuerConditional desc="x" issuerCat="OTHER"/>')
      .replace('<curCd>USD</curCd>', '<currencyConditional curCd="EUR" exchangeRt="0.9"/>');
    expect(readConstituentFile(bytes(text)).rows[0]).toMatchObject({
      currency: 'EUR',
      assetClassPublished: 'Other',
    });
  });

  const contract = (kind: string, category: string, inside: string): string =>
    `<derivativeInfo><${kind} derivCat="${category}"><counterparties><counterpartyName>Bank</counterpartyName></counterparties>${inside}</${kind}></derivativeInfo>`;

  it.each([
    [
      'DFE',
      contract(
        'fwdDeriv',
        'FWD',
        '<amtCurSold>100</amtCurSold><curSold>EUR</curSold><amtCurPur>110</amtCurPur><curPur>USD</curPur>',
      ),
      'FX forward',
      '110',
    ],
    [
      'DFE',
      contract(
        'fwdDeriv',
        'FWD',
        '<amtCurSold>120</amtCurSold><curSold>USD</curSold><amtCurPur>100</amtCurPur><curPur>EUR</curPur>',
      ),
      'FX forward',
      '120',
    ],
    [
      'DFE',
      contract(
        'fwdDeriv',
        'FWD',
        '<amtCurSold>120</amtCurSold><curSold>JPY</curSold><amtCurPur>100</amtCurPur><curPur>EUR</curPur>',
      ),
      'FX forward',
      null,
    ],
    [
      'DE',
      contract('futrDeriv', 'FUT', '<notionalAmt>5000</notionalAmt><curCd>USD</curCd>'),
      'Future',
      '5000',
    ],
    ['DE', contract('futrDeriv', 'FUT', '<notionalAmt>5000</notionalAmt><curCd>JPY</curCd>'), 'Future', null],
    ['DIR', contract('swapDeriv', 'SWP', '<notionalAmt>7</notionalAmt><curCd>USD</curCd>'), 'Swap', '7'],
    ['DE', contract('optionSwaptionWarrantDeriv', 'OPT', ''), 'Option', null],
    ['DIR', contract('optionSwaptionWarrantDeriv', 'SWO', ''), 'Option', null],
    ['DE', contract('optionSwaptionWarrantDeriv', 'WAR', ''), 'Derivative', null],
    ['DCR', contract('othDeriv', 'OTH', ''), 'Derivative', null],
    ['DCO', '', 'Derivative', null],
  ])('%s with %s is a contract', (asset, more, assetClass, notional) => {
    const file = read([
      { name: 'Bank', title: 'Contract', pct: '-2.5', asset, issuer: 'OTHER', payoff: 'N/A', more },
    ]);
    expect(file.rows[0]).toMatchObject({
      kind: 'derivative',
      assetClass,
      notional,
      weightPct: '-2.5',
      name: 'Bank, Contract',
    });
    expect(file.rows[0]?.sector).toBe('Cash and derivatives');
  });

  it('takes nothing from what a contract refers to', () => {
    const inner = `<nestedDerivInfo>${contract('swapDeriv', 'SWP', '<notionalAmt>999</notionalAmt>')}</nestedDerivInfo><derivAddlInfo><name>Inner</name><cusip>037833100</cusip><pctVal>55</pctVal><invstOrSec><name>Deeper</name></invstOrSec></derivAddlInfo>`;
    const file = read([{ name: 'Outer', pct: '1', asset: 'DE', more: contract('othDeriv', 'OTH', inner) }]);
    expect(file.rows).toHaveLength(1);
    expect(file.rows[0]).toMatchObject({ name: 'Outer', cusip: null, weightPct: '1', notional: null });
  });

  it('shows shorts as negative, and says so where the filer left the sign out', () => {
    const file = read([
      { name: 'Long', pct: '130' },
      { name: 'Signed', pct: '-20', payoff: 'Short' },
      { name: 'Unsigned', pct: '10.25', payoff: 'Short' },
      { name: 'Contract', pct: '0.5', asset: 'DE', payoff: 'Short', more: contract('futrDeriv', 'FUT', '') },
      { name: 'Borrowed', title: 'Reverse repurchase agreement', pct: '-1.25', asset: 'RA', payoff: 'N/A' },
    ]);
    expect(file.rows.map((row) => [row.name, row.weightPct, row.quantity])).toEqual([
      ['Long', '130', '10'],
      ['Signed', '-20', '10'],
      ['Unsigned', '-10.25', '-10'],
      ['Contract', '0.5', '10'],
      ['Borrowed, Reverse repurchase agreement', '-1.25', '10'],
    ]);
    expect(file.totals).toMatchObject({ weightSumPct: '99', cashPct: '-1.25' });
    expect(file.warnings.map(({ code }) => code)).toEqual(['short_made_negative', 'weight_beyond_100']);
    expect(file.warnings[0]).toMatchObject({ rowNumbers: [3] });
  });

  it.each([
    ['Alphabet Inc.', 'ALPHABET INC-CL C', 'EC', 'ALPHABET INC-CL C'],
    ['Orchard Inc.', 'Common Stock', 'EC', 'Orchard Inc.'],
    ['COMMONWEALTH OF NORTHWIND', 'NW 5 08/01/2028', 'DBT', 'COMMONWEALTH OF NORTHWIND, NW 5 08/01/2028'],
    ['Orchard Inc.', 'N/A', 'EC', 'Orchard Inc.'],
    ['N/A', 'US DOLLAR', 'STIV', 'US DOLLAR'],
  ])('%s with the title %s (%s) is called %s', (name, title, asset, called) => {
    expect(only({ name, title, asset, pct: '100' })?.name).toBe(called);
  });

  it('writes tiny and leading-point weights out', () => {
    const file = read([
      { name: 'A', pct: '-.05' },
      { name: 'B', pct: '1E-7' },
      { name: 'C', pct: '100.04999990' },
    ]);
    expect(file.rows.map((row) => row.weightPct)).toEqual(['-0.05', '0.0000001', '100.04999990']);
    expect(file.totals.weightSumPct).toBe('100');
  });

  it('says how much cash stands outside the list', () => {
    const file = read([{ name: 'A', pct: '97' }], { cash: '6000.00000' });
    expect(file.warnings.map(({ code }) => code)).toEqual(['weights_do_not_sum', 'cash_not_listed']);
    expect(file.warnings[1]?.message).toContain('6000 USD in cash, 3 % of its net assets');
  });

  it('refuses a filing without investments, saying why', () => {
    const closed = refusal(filing('', { final: 'Y', cash: '5.00' }));
    expect([closed.code, closed.message]).toEqual([
      'no_rows',
      'The filing of Northwind Long & Short Series for 2024-09-30 lists no investments. It is marked as the fund’s last one: the fund has been closed.',
    ]);
    expect(refusal(filing('')).message).toMatch(/another month\.$/);
  });

  it.each([
    ['cut off', filing(investment({ name: 'A', pct: '100' })).slice(0, -60), 'truncated'],
    [
      'with entities',
      filing(investment({ name: 'A', pct: '100' })).replace(
        '<edgarSubmission',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><edgarSubmission',
      ),
      'xml_doctype',
    ],
    ['not well formed', filing(investment({ name: 'A</title>', pct: '100' })), 'malformed_xml'],
    ['with a weight that is none', filing(investment({ name: 'A', pct: 'XXXX' })), 'invalid_number'],
    ['of another form', filing('').replaceAll('edgar/nport', 'edgar/thirteenf'), 'xml'],
  ])('refuses one %s', (_what, text, code) => {
    expect(refusal(text).code).toBe(code);
  });

  it('asks for the day where the filing has none', () => {
    expect(read([{ name: 'A', pct: '100' }], { day: '' }).warnings.map(({ code }) => code)).toEqual([
      'as_of_missing',
    ]);
  });
});
