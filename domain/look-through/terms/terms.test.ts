import { describe, expect, it } from 'vitest';
import {
  assetClassOf,
  ASSET_CLASSES,
  countries,
  countryOf,
  countryOfCurrency,
  currencyOf,
  exchangeOf,
  foldTerm,
  micCountry,
  regionOf,
  REGIONS,
  sectorOf,
  SECTORS,
} from './index.ts';

describe('sectors', () => {
  it.each([
    ['Communication', 'Communication Services'],
    ['Comunicazione', 'Communication Services'],
    ['La communication', 'Communication Services'],
    ['IT', 'Information Technology'],
    ['Tecnología de la Información', 'Information Technology'],
    ["Technologie de l'information", 'Information Technology'],
    ['Salute', 'Health Care'],
    ['Cuidado de la Salud', 'Health Care'],
    ['Gesundheitsversorgung', 'Health Care'],
    ['Imprese di servizi di pubblica utilità', 'Utilities'],
    ['Servicios', 'Utilities'],
    ['Generi di largo consumo', 'Consumer Staples'],
    ['Nichtzyklische Konsumgüter', 'Consumer Staples'],
    ['Zyklische Konsumgüter\u00a0', 'Consumer Discretionary'],
    ['CONSUMI DISCREZIONALI', 'Consumer Discretionary'],
    ['Immobili', 'Real Estate'],
    ['Liquidità e/o derivati', 'Cash and derivatives'],
    ['Altro', 'Unclassified'],
  ])('reads %s as %s', (published, sector) => {
    expect(sectorOf(published)).toEqual({ sector, known: true });
  });

  it('counts an invented sector as Unclassified and says that it is not known', () => {
    expect(sectorOf('Sorcery')).toEqual({ sector: 'Unclassified', known: false });
  });

  it('takes a blank for Unclassified without complaint', () => {
    for (const blank of [null, '', '-', '\u00a0', 'N/A']) {
      expect(sectorOf(blank)).toEqual({ sector: 'Unclassified', known: true });
    }
  });

  it('reads every canonical name as itself', () => {
    for (const sector of SECTORS) expect(sectorOf(sector)).toEqual({ sector, known: true });
  });
});

describe('countries', () => {
  it.each([
    ['Stati Uniti', 'United States'],
    ['Estados Unidos', 'United States'],
    ['Vereinigte Staaten', 'United States'],
    ['États-unis', 'United States'],
    ['US', 'United States'],
    ['GBR', 'United Kingdom'],
    ['Regno unito', 'United Kingdom'],
    ['Corea', 'South Korea'],
    ['Korea (South)', 'South Korea'],
    ['Holanda', 'Netherlands'],
    ['Sud Africa', 'South Africa'],
    ['Repubblica Ceca', 'Czechia'],
    ['Czech Republic', 'Czechia'],
    ['Turkey', 'Türkiye'],
    ['Tailandia', 'Thailand'],
    ['Malesia', 'Malaysia'],
    ['Hongkong', 'Hong Kong'],
    ['Unione Europea', 'European Union'],
    ['Russian Federation', 'Russia'],
  ])('reads %s as %s', (published, name) => {
    expect(countryOf(published)).toMatchObject({ name, known: true });
  });

  it('does not guess an invented country', () => {
    expect(countryOf('Atlantis')).toEqual({ name: 'Unclassified', code: null, known: false });
  });

  it('has each of the 249 countries of ISO 3166 and two areas in exactly one region', () => {
    const all = countries();
    expect(all).toHaveLength(251);
    expect(new Set(all.map((country) => country.code)).size).toBe(251);
    expect(new Set(all.map((country) => country.name)).size).toBe(251);
    for (const country of all) expect(REGIONS).toContain(country.region);
  });

  it.each([
    ['United States', 'US'],
    ['Canada', 'Canada'],
    ['United Kingdom', 'UK'],
    ['Switzerland', 'Europe'],
    ['European Union', 'Europe'],
    ['Japan', 'Japan'],
    ['Australia', 'Asia Pacific'],
    ['Hong Kong', 'Asia Pacific'],
    ['Israel', 'Middle East'],
    ['China', 'Emerging Markets'],
    ['South Korea', 'Emerging Markets'],
    ['Greece', 'Emerging Markets'],
    ['Saudi Arabia', 'Emerging Markets'],
    ['Bermuda', 'Other'],
    ['Unclassified', 'Unclassified'],
  ])('puts %s into %s', (country, region) => {
    expect(regionOf(country)).toBe(region);
  });
});

describe('asset classes, exchanges and currencies', () => {
  it.each([
    ['Azionario', 'Equity'],
    ['Aktien', 'Equity'],
    ['Actions', 'Equity'],
    ['Contanti', 'Cash'],
    ['Cash Collateral and Margins', 'Cash'],
    ['Money Market', 'Cash'],
    ['FX', 'FX forward'],
    ['Futures', 'Future'],
    ['Anleihen', 'Fixed Income'],
  ])('reads the asset class %s as %s', (published, assetClass) => {
    expect(assetClassOf(published)).toEqual({ assetClass, known: true });
  });

  it('reads every canonical asset class as itself', () => {
    for (const assetClass of ASSET_CLASSES) {
      expect(assetClassOf(assetClass)).toEqual({ assetClass, known: true });
    }
  });

  it.each([
    ['NASDAQ', 'XNAS', 'US'],
    ['NYSE', 'XNYS', 'US'],
    ['Nasdaq Omx Nordic', 'XSTO', 'SE'],
    ['Korea Exchange (Kosdaq)', 'XKOS', 'KR'],
    ['XBSP', 'BVMF', 'BR'],
    ['XLON', 'XLON', 'GB'],
  ])('reads the exchange %s as %s', (published, mic, country) => {
    expect(exchangeOf(published)).toEqual({ mic, known: true });
    expect(micCountry(mic)).toBe(country);
  });

  it('knows that unlisted is no exchange, and does not guess others', () => {
    expect(exchangeOf('NO MARKET (E.G. UNLISTED)')).toEqual({ mic: null, known: true });
    expect(exchangeOf('Diagon Alley')).toEqual({ mic: null, known: false });
  });

  it('makes pence and offshore yuan their currency and never upper-cases pence into pounds of another kind', () => {
    expect(currencyOf('GBp')).toEqual({ currency: 'GBP', known: true });
    expect(currencyOf('GBX')).toEqual({ currency: 'GBP', known: true });
    expect(currencyOf('CNH')).toEqual({ currency: 'CNY', known: true });
    expect(currencyOf('US DOLLAR')).toEqual({ currency: 'USD', known: true });
    expect(currencyOf('BTC')).toEqual({ currency: null, known: false });
    expect(countryOfCurrency('EUR')).toBe('European Union');
    expect(countryOfCurrency('USD')).toBe('United States');
  });

  it('compares terms without case, accents and punctuation', () => {
    expect(foldTerm(' Liquidità\u00a0e/o derivati. ')).toBe('liquidita e o derivati');
  });
});
