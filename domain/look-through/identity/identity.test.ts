import { describe, expect, it } from 'vitest';
import {
  cusipFromIsin,
  fxPairOf,
  isinFromCusip,
  isinFromSedol,
  namesAgree,
  normaliseTicker,
  sedolFromIsin,
  validCusip,
  validFigi,
  validIsin,
  validSedol,
} from './index.ts';

describe('identifiers', () => {
  it('accepts what the numbering agencies issued', () => {
    expect(validIsin('US0378331005')).toBe('US0378331005');
    expect(validIsin('ie00b4l5y983')).toBe('IE00B4L5Y983');
    expect(validCusip('037833100')).toBe('037833100');
    expect(validSedol('0263494')).toBe('0263494');
    expect(validSedol('B4L5Y98')).toBe('B4L5Y98');
    expect(validFigi('BBG000BLNNH6')).toBe('BBG000BLNNH6');
  });

  it('refuses one wrong digit and a wrong form', () => {
    expect(validIsin('US0378331006')).toBeNull();
    expect(validIsin('US037833100')).toBeNull();
    expect(validCusip('037833101')).toBeNull();
    expect(validSedol('0263495')).toBeNull();
    expect(validSedol('AEIOU12')).toBeNull();
    expect(validFigi('BBG000BLNNH7')).toBeNull();
    expect(validFigi('GBG000BLNNH6')).toBeNull();
  });

  it('derives an ISIN from what it is built of, and back', () => {
    expect(isinFromCusip('037833100')).toBe('US0378331005');
    expect(isinFromSedol('0263494')).toBe('GB0002634946');
    expect(isinFromSedol('B4L5Y98', 'IE')).toBe('IE00B4L5Y983');
    expect(cusipFromIsin('US0378331005')).toBe('037833100');
    expect(sedolFromIsin('GB0002634946')).toBe('0263494');
  });

  it('derives nothing from a CINS or a foreign ISIN', () => {
    expect(isinFromCusip('G0176J109')).toBeNull();
    expect(cusipFromIsin('IE00BFRT3W74')).toBeNull();
    expect(sedolFromIsin('FR0000120578')).toBeNull();
  });
});

describe('tickers', () => {
  it.each([
    ['BRK.B', 'BRKB'],
    ['BRK/B', 'BRKB'],
    ['BRK B', 'BRKB'],
    ['brk-b', 'BRKB'],
    ['VUSA.L', 'VUSA'],
    ['SAP.DE', 'SAP'],
    ['7203.T', '7203'],
    ['BF.B', 'BFB'],
    ['AT.T', 'ATT'],
    ['VOD LN', 'VOD'],
    ['AAPL US Equity', 'AAPL'],
    ['NOVO B', 'NOVOB'],
    ['BP.', 'BP'],
    ['BT/A', 'BTA'],
    ['005930', '5930'],
    ['0700.HK', '700'],
    ['-', ''],
    [null, ''],
  ])('brings %s to %s', (ticker, plain) => {
    expect(normaliseTicker(ticker)).toBe(plain);
  });
});

describe('names', () => {
  it.each([
    ['APPLE INC', 'Apple Inc.'],
    ['AT+T INC', 'AT&T INC'],
    ['MCDONALD S CORP', "McDonald's Corp"],
    ['SCHWAB (CHARLES) CORP', 'CHARLES SCHWAB CORP'],
    ['NVIDIA CORP', 'NVIDIA'],
    ['AMAZON COM INC', 'AMAZON.COM INC'],
    ['INTEL CORPORATION CORP', 'Intel Corporation'],
    ['EXXON MOBIL CORP', 'EXXONMOBIL HOLDINGS CORP'],
    ['TEXAS INSTRUMENT INC', 'Texas Instruments Incorporated'],
    ['Nestlé S.A.', 'NESTLE SA'],
    ['LOREAL SA', "L'Oréal"],
    ['V F CORP', 'VF CORP'],
    ['INTERNATIONAL BUSINESS MACHINES CO', 'International Business Machines Corporation'],
    ['CHINA DEVELOPMENT FINANCIAL HOLDIN', 'China Development Financial Holding Corp'],
    ['PDD HOLDINGS ADS INC', 'PDD Holdings ADR'],
    ['META PLATFORMS INC CLASS A', 'Meta Platforms Inc'],
    ['SVENSKA HANDELSBANKEN-A SHS', 'Svenska Handelsbanken Class A'],
    ['SIEMENS N AG', 'Siemens AG'],
    ['AT&T INC', 'AT&T'],
  ])('%s and %s agree', (a, b) => {
    expect(namesAgree(a, b)).toBe('agree');
    expect(namesAgree(b, a)).toBe('agree');
  });

  it.each([
    ['ALPHABET INC CLASS A', 'ALPHABET INC CLASS C'],
    ['SANOFI SA', 'BANCO SANTANDER SA'],
    ['SAP', 'SAPUTO INC'],
    ['FACEBOOK CLASS A INC', 'META PLATFORMS INC CLASS A'],
    ['CONSTELLATION SOFTWARE INC', 'CONSTELLATION SOFTWARE INC WARRANT'],
    ['PING AN INSURANCE H', 'PING AN INSURANCE A'],
    ['GE AEROSPACE', 'GENERAL ELECTRIC'],
  ])('%s and %s differ', (a, b) => {
    expect(namesAgree(a, b)).toBe('differ');
    expect(namesAgree(b, a)).toBe('differ');
  });

  it.each([
    ['MERCK & CO INC', 'MERCK KGAA'],
    ['PRUDENTIAL PLC', 'PRUDENTIAL FINANCIAL INC'],
    ['ROCHE HOLDING PAR AG', 'ROCHE HOLDING AG'],
    ['ORCHARD SYSTEMS INC', 'ORCHARD CAPITAL CORP'],
  ])('%s and %s are left open', (a, b) => {
    expect(namesAgree(a, b)).toBe('unsure');
    expect(namesAgree(b, a)).toBe('unsure');
  });
});

describe('currency pairs', () => {
  it('finds a pair of two currencies and nothing else', () => {
    expect(fxPairOf('INR/USD')).toBe('INR/USD');
    expect(fxPairOf('EUR/USD FWD 15MAR24')).toBe('EUR/USD');
    expect(fxPairOf('BT/A')).toBeNull();
    expect(fxPairOf('ABC/DEF HOLDINGS')).toBeNull();
    expect(fxPairOf('USD/USD')).toBeNull();
  });
});
