import { describe, expect, it } from 'vitest';
import type { ConstituentFile } from '../published/index.ts';
import { FormatError, readConstituentFile } from './index.ts';

const read = (text: string): ConstituentFile => readConstituentFile(new TextEncoder().encode(text));
const codes = (file: ConstituentFile): string[] => file.warnings.map((warning) => warning.code);
const facts = (file: ConstituentFile): unknown[][] =>
  file.rows.map((row) => [row.kind, row.assetClass, row.sector, row.country, row.mic, row.weightPct]);

const IT_2015 = `Al,"31/dic/2015"
\u00a0
Ticker,Nome,Asset Class,Peso (%),Prezzo,Azioni,Valore di mercato,Valore nozionale,Settore,SEDOL,ISIN,Cambio,Paese,Valuta di mercato
"ACQ","ACQUA E LUCE SPA","Azionario","99,52","10,00","1.000","10.000,00","10.000,00","Beni Voluttuari","B0HLM09","-","Borsa Italiana","Italia","EUR"
"NWZ6","FUTURO ESEMPIO MAR16","Futures","0,00","21.000,00","2","0,00","210.000,00","Liquidità e/o derivati","-","-","Borsa Italiana Idem","-","EUR"
"EUR","EUR CASH","Cash","0,48","100,00","1.000","10.000,00","10.000,00","Liquidità e/o derivati","-","-","-","Unione Europea","EUR"
`;
const FR_2016 = `Titres du fonds au,"30/sept./2016"
\u00a0
Ticker de l'émetteur,Nom,Classe d'actifs,Pondération (%),Prix,Nominal,Valeur de marché,Valeur notionnelle,Secteur,ISIN,Échange,Emplacement,Devise de marché
"LUM","LUMIERE ET FILS","Actions","99,52","10,00","1 000,00","10 000,00","10 000,00","Finance","-","Nyse Euronext - Euronext Paris","France","EUR"
"EUR","EUR CASH","Trésorerie","0,48","100,00","1 000","10 000,00","10 000,00","Liquidités et/ou produits dérivés","-","-","Union européenne","EUR"
`;
const ES_2016 = `Posiciones del fondo a,"30/sep/2016"
\u00a0
Ticker del emisor,Nombre,Sector,Clase de activo,Valor de mercado,Peso (%),Valor nocional,Nominal,Precio,Ubicación,Bolsa,Divisa de mercado
"ELC","ELECTRA SA","Entidades Financieras","Renta Variable","10.000,00","99,52","10.000,00","1.000,00","10,00","España","Bolsa De Madrid","EUR"
"EUR","EUR CASH","Efectivo y/o derivados","Efectivo","10.000,00","0,48","10.000,00","1.000,00","10,00","Unión Europea","-","EUR"
`;
const DE_2013 = `Fondspositionen per,31.12.2013
Emittententicker,Name,Anlageklasse,Gewichtung (%),Kurs,Nominale,Marktwert,Nominalwert,Sektor,ISIN,Börse,Standort,Marktwährung
"NOR","NORDLICHT AG","Aktien","99,52","10,00","1.000","10.000,00","10.000,00","Materialien","-","Xetra","Deutschland","EUR"
"-","DEVISENTERMIN","Devisen","0,08","10,00","1.000","10.000,00","10.000,00","Barmittel & Derivate","-","-","-","EUR"
"EUR","EUR CASH","Barmittel","0,40","100,00","1.000","10.000,00","10.000,00","Barmittel & Derivate","-","-","Europäische Union","EUR"
`;
const CH_2026 = `\ufeffFondsposition per,"15.Juli2026"
\u00a0
Emittententicker,Name,Sektor,Anlageklasse,Marktwert,Gewichtung (%),Nominalwert,Nominale,Kurs,Standort,Börse,Marktwährung
"ORCH","ORCHARD SYSTEMS","Informationstechnologie","Aktien","174’598’847","39.85","174’598’846.64","898’400","194.34","Vereinigte Staaten","NASDAQ","USD"
"NOVA B","NOVA NORDEN","Industrie","Aktien","167'415'643","60.15","167'415'642.91","615'793","271.87","Schweden","Nasdaq Stockholm","SEK"
`;

describe('iShares files of other years and sites', () => {
  const cash = (country: string, weight: string): unknown[] => [
    'cash',
    'Cash',
    'Cash and derivatives',
    country,
    null,
    weight,
  ];
  it.each<[string, string, string, string, unknown[][]]>([
    [
      'Italian, 2015',
      IT_2015,
      'it',
      '2015-12-31',
      [
        ['security', 'Equity', 'Consumer Discretionary', 'Italy', 'XMIL', '99.52'],
        ['derivative', 'Future', 'Cash and derivatives', 'Unclassified', 'XDMI', '0.00'],
        cash('European Union', '0.48'),
      ],
    ],
    [
      'French, 2016',
      FR_2016,
      'fr',
      '2016-09-30',
      [['security', 'Equity', 'Financials', 'France', 'XPAR', '99.52'], cash('European Union', '0.48')],
    ],
    [
      'Spanish, 2016',
      ES_2016,
      'es',
      '2016-09-30',
      [['security', 'Equity', 'Financials', 'Spain', 'XMAD', '99.52'], cash('European Union', '0.48')],
    ],
    [
      'German, 2013',
      DE_2013,
      'de',
      '2013-12-31',
      [
        ['security', 'Equity', 'Materials', 'Germany', 'XETR', '99.52'],
        ['derivative', 'FX forward', 'Cash and derivatives', 'Unclassified', null, '0.08'],
        cash('European Union', '0.40'),
      ],
    ],
    [
      'Swiss, with apostrophes and decimal points',
      CH_2026,
      'de',
      '2026-07-15',
      [
        ['security', 'Equity', 'Information Technology', 'United States', 'XNAS', '39.85'],
        ['security', 'Equity', 'Industrials', 'Sweden', 'XSTO', '60.15'],
      ],
    ],
  ])('%s', (_what, text, locale, asOf, rows) => {
    const file = read(text);
    expect(file).toMatchObject({ format: 'ishares-csv', locale, warnings: [] });
    expect(file.asOf?.toString()).toBe(asOf);
    expect(facts(file)).toEqual(rows);
  });

  it('keeps the forwards, futures and swaps of a hedged fund, also those in brackets', () => {
    const file = read(`Fund Holdings as of,"30/Jun/2025"
\u00a0
Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Location,Exchange,Market Currency
"NWD","ISHRS NORTHWIND WORLD","Financials","Equity","1,000,000.00","99.18","1,000,000.00","Ireland","London Stock Exchange","USD"
"EUR","EUR/USD","Cash and/or Derivatives","FX","9,000.00","0.90","700,000.00","United States","-","EUR"
"JPY","JPY/USD","Cash and/or Derivatives","Forwards","-500.00","-0.05","-60,000.00","United States","-","JPY"
"TRSW","INDEX SWAP","Cash and/or Derivatives","Swaps","(100.00)","(0.01)%","6,200.00","-","-","USD"
"USD","USD CASH","Cash and/or Derivatives","Cash","-100.00","-0.02","-100.00","United States","-","USD"
`);
    expect(codes(file)).toEqual([]);
    expect(file.totals).toMatchObject({
      weightSumPct: '100',
      fundsPct: '99.18',
      derivativesPct: '0.84',
      cashPct: '-0.02',
    });
    expect(file.rows[3]).toMatchObject({ assetClass: 'Swap', weightPct: '-0.01', marketValue: '-100.00' });
  });

  it('passes over a second list, also that of another share class', () => {
    const header = 'Ticker,Name,Sector,Asset Class,Weight (%),Location,Exchange,Market Currency\n';
    const file =
      read(`Northwind Allocation\nFund Holdings as of,"30/Jun/2025"\n${header}AAA,AAA INC,Energy,Equity,100,United States,NASDAQ,USD

Share class: hedged\nFund Holdings as of,"30/Jun/2025"\n${header}EUR,EUR/USD,Cash and/or Derivatives,FX,0.9,United States,-,EUR
`);
    expect(file.totals).toMatchObject({ rows: 1, weightSumPct: '100' });
    expect(codes(file)).toEqual(['second_section_skipped']);
  });
});

const rowsWith = (...rows: string[]): string =>
  ['as_of,2024-12-06', 'ticker,name,sector,weight,market_value,currency', ...rows].join('\n');

describe('rows that are no constituents', () => {
  it.each([
    'Total',
    'Totals',
    'TOTAL NET ASSETS',
    'Total Portfolio',
    'Fund total',
    'Net Assets',
    'Totale portafoglio',
    'Totale fondo',
    'Total cartera',
    'Gesamtsumme',
    'Gesamt Fondsvermögen',
    'Total du fonds',
  ])('a sum called "%s" is left out', (word) => {
    const file = read(rowsWith('AAA,Aaa Inc,Energy,100,"1,000.00",USD', `,${word},,100,"1,000.00",`));
    expect(file.totals.weightSumPct).toBe('100');
    expect(codes(file)).toEqual(['total_row_skipped']);
  });

  it.each(['Total Energies', 'Total Return Fund', 'Net Assets Trust', 'Summe Technik AG'])(
    'a security called "%s" stays',
    (name) => expect(read(rowsWith(`,${name},,100,1,`)).rows[0]?.name).toBe(name),
  );

  it.each([
    'Net Other Assets/Cash',
    'Other assets less liabilities',
    'Cash and Other',
    'Otros/efectivo',
    'Liquidità',
    'Liquide Mittel',
    'Autres liquidités',
    'Receivables/Payables',
    'STERLING CASH',
  ])('"%s" without a class is money', (name) => {
    expect(read(rowsWith('AAA,Aaa Inc,Energy,99,1,USD', `,${name},,1,1,USD`)).rows[1]).toMatchObject({
      kind: 'cash',
      assetClass: 'Cash',
      sector: 'Cash and derivatives',
    });
  });

  it('a fund of the money market without a class is a fund that counts as cash', () => {
    const file = read(rowsWith('AAA,Aaa Inc,Energy,99,1,USD', ',NW US GOVT MONEY MARKET CL,,1,1,USD'));
    expect(file.rows[1]).toMatchObject({ kind: 'fund', assetClass: 'Cash' });
  });
});

describe('numbers as they are printed', () => {
  it.each([
    ['US$1,234.50', '1234.50'],
    ['$ 1,234.50', '1234.50'],
    ['EUR 1,234.50', '1234.50'],
    ['1,234.50 GBP', '1234.50'],
    ['(1,234.50)', '-1234.50'],
    ['1,234.50-', '-1234.50'],
    ['1\u2009234.50', '1234.50'],
    ['1\u202f234.50', '1234.50'],
    ['1’234.50', '1234.50'],
    ['− 1,234.50', '-1234.50'],
  ])('a value of "%s"', (printed, value) => {
    expect(read(rowsWith(`AAA,Aaa Inc,Energy,100,"${printed}",USD`)).rows[0]?.marketValue).toBe(value);
  });
});

const filing = `<?xml version="1.0"?>
<nport:edgarSubmission xmlns:nport="http://www.sec.gov/edgar/nport"><nport:headerData><nport:submissionType>NPORT-P/A</nport:submissionType></nport:headerData>
<nport:formData><nport:genInfo><nport:seriesName>Northwind Bond Series</nport:seriesName><nport:repPdDate>2024-12-31</nport:repPdDate></nport:genInfo>
<nport:invstOrSecs>
<nport:invstOrSec><nport:name>Northwind Treasury</nport:name><nport:title>NORTHWIND TREASURY 4.5% 11/15/2033</nport:title><nport:cusip>91299T4K8</nport:cusip>
<nport:identifiers><nport:isin value="US91299T4K84"/></nport:identifiers><nport:balance>100</nport:balance><nport:curCd>USD</nport:curCd><nport:valUSD>1000</nport:valUSD><nport:pctVal>99.8</nport:pctVal>
<nport:payoffProfile>Long</nport:payoffProfile><nport:assetCat>DBT</nport:assetCat><nport:issuerCat>UST</nport:issuerCat><nport:invCountry>US</nport:invCountry>
<nport:debtSec><nport:maturityDt>2033-11-15</nport:maturityDt><nport:dbtSecRefInstruments><nport:dbtSecRefInstrument><nport:name>Another</nport:name><nport:curCd>EUR</nport:curCd></nport:dbtSecRefInstrument></nport:dbtSecRefInstruments></nport:debtSec></nport:invstOrSec>
<nport:invstOrSec><nport:name>Bank</nport:name><nport:title>Put on a swap</nport:title><nport:balance>1</nport:balance><nport:curCd>USD</nport:curCd><nport:valUSD>2</nport:valUSD><nport:pctVal>0.2</nport:pctVal><nport:assetCat>DIR</nport:assetCat><nport:invCountry>US</nport:invCountry>
<nport:derivativeInfo><nport:optionSwaptionWarrantDeriv derivCat="SWO"><nport:descRefInstrmnt><nport:nestedDerivInfo><nport:swapDeriv derivCat="SWP"><nport:notionalAmt>999</nport:notionalAmt><nport:curCd>EUR</nport:curCd></nport:swapDeriv></nport:nestedDerivInfo></nport:descRefInstrmnt></nport:optionSwaptionWarrantDeriv></nport:derivativeInfo></nport:invstOrSec>
</nport:invstOrSecs></nport:formData></nport:edgarSubmission>`;

describe('filings as EDGAR keeps them', () => {
  const submission = `<SEC-DOCUMENT>0000000000-25-000001.txt : 20250228
<SEC-HEADER>
CONFORMED SUBMISSION TYPE:	NPORT-P/A
</SEC-HEADER>
<DOCUMENT>
<TYPE>NPORT-P/A
<TEXT>
<XML>
${filing}
</XML>
</TEXT>
</DOCUMENT>
<DOCUMENT>
<TYPE>NPORT-EX
<TEXT>
<html><body>Notes &nbsp; & more</body></html>
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>`;

  it.each([
    ['an amendment with prefixed elements', filing],
    ['the same inside the complete submission', submission],
  ])('%s', (_what, text) => {
    const file = read(text);
    expect(file).toMatchObject({ format: 'nport-xml', fundName: 'Northwind Bond Series', warnings: [] });
    expect(file.asOf?.toString()).toBe('2024-12-31');
    expect(file.rows.map((row) => [row.name, row.isin, row.currency, row.assetClass, row.notional])).toEqual([
      ['NORTHWIND TREASURY 4.5% 11/15/2033', 'US91299T4K84', 'USD', 'Fixed Income', null],
      ['Bank, Put on a swap', null, 'USD', 'Option', null],
    ]);
  });
});

describe('files of another kind', () => {
  it.each([
    ['<html><body><table><tr><td>Weight</td></tr></table></body></html>', 'html', 'open it in a spreadsheet'],
    ['{\\rtf1 Holdings}', 'not_recognised', 'No line of the file is a header of holdings'],
  ])('%s', (text, code, message) => {
    const refusal = (): ConstituentFile => read(text);
    expect(refusal).toThrow(message);
    expect(refusal).toThrow(expect.objectContaining({ code, constructor: FormatError }) as FormatError);
  });
});

/** What the fund holds has fewer columns than what the fund in it holds. */
const COVERED_CALLS = `Example Bond BuyWrite Strategy ETF
Fund Holdings as of,"Sep 24, 2026"
Shares Outstanding,"84,000.00"
\u00a0
Name,Type,Sector,Asset Class,Market Value,Weight (%),Notional Value,Par Value,Price
"ISHARES EXAMPLE LONG BOND ETF","EQUITY","Treasury","Fixed Income","1,734,000.00","100.17","1,734,000.00","21,844.00","79.42"
"USD CASH","CASH","Cash and/or Derivatives","Cash","2,700.00","0.15","2,700.00","2,700.00","100.00"
"OCT26 LONG US C @ 82","OPTION","Cash and/or Derivatives","Other Derivatives","-5,500.00","-0.32","-302,000.00","-218.00","0.25"
\u00a0
iShares Example Long Bond ETF
Fund Holdings as of,"Sep 24, 2026"
\u00a0
Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Par Value,CUSIP,ISIN,SEDOL,Price,Location,Exchange,Currency,Duration,Maturity,Coupon (%),Market Currency
"TREASURY BOND","Treasury","Fixed Income","3,000.00","60.00","3,000.00","1.00","-","US912810TX63","-","90.00","United States","-","USD","16","Feb 15, 2054","4.25","USD"
"TREASURY BOND","Treasury","Fixed Income","2,000.00","40.00","2,000.00","1.00","-","US912810TV08","-","90.00","United States","-","USD","16","Nov 15, 2053","4.75","USD"
`;

it('reads what a fund holds itself, though the file says more of what the fund in it holds', () => {
  const file = read(COVERED_CALLS);
  expect(file.fundName).toBe('Example Bond BuyWrite Strategy ETF');
  expect(file.rows.map((row) => [row.kind, row.weightPct])).toEqual([
    ['fund', '100.17'],
    ['cash', '0.15'],
    ['derivative', '-0.32'],
  ]);
  expect(codes(file)).toEqual(['second_section_skipped', 'weight_beyond_100']);
});
