// Words of the issuers' files → canonical English names. Written by reading the files, not taken from the product.
// null = a word that is known to say nothing ("-", "Altro"); a word that is absent is unknown and gives a warning.

export const CASH_SECTOR = 'Cash and derivatives';
export const UNCLASSIFIED = 'Unclassified';

/** GICS sector names, from English and Italian iShares files. */
export const SECTORS: Readonly<Record<string, string | null>> = {
  'Information Technology': 'Information Technology',
  Financials: 'Financials',
  'Health Care': 'Health Care',
  Industrials: 'Industrials',
  'Consumer Discretionary': 'Consumer Discretionary',
  Communication: 'Communication Services',
  'Communication Services': 'Communication Services',
  'Consumer Staples': 'Consumer Staples',
  Energy: 'Energy',
  Materials: 'Materials',
  Utilities: 'Utilities',
  'Real Estate': 'Real Estate',
  'Cash and/or Derivatives': CASH_SECTOR,
  Other: null,
  '-': null,
  '': null,
  IT: 'Information Technology',
  Finanziari: 'Financials',
  Salute: 'Health Care',
  Industriali: 'Industrials',
  'Consumi Discrezionali': 'Consumer Discretionary',
  Comunicazione: 'Communication Services',
  'Generi di largo consumo': 'Consumer Staples',
  Energia: 'Energy',
  Materiali: 'Materials',
  'Imprese di servizi di pubblica utilità': 'Utilities',
  Immobili: 'Real Estate',
  'Liquidità e/o derivati': CASH_SECTOR,
  Altro: null,
};

export type Kind = 'equity' | 'cash' | 'derivative';

export const ASSET_CLASSES: Readonly<Record<string, Kind>> = {
  Equity: 'equity',
  Azionario: 'equity',
  Cash: 'cash',
  Contanti: 'cash',
  'Money Market': 'cash',
  'Cash Collateral and Margins': 'cash',
  Futures: 'derivative',
  FX: 'derivative',
};

/** canonical country → [region, Italian name as the files write it]. */
const COUNTRY_TABLE: Readonly<Record<string, readonly [region: string, italian: string]>> = {
  'United States': ['US', 'Stati Uniti'],
  Canada: ['Canada', 'Canada'],
  'United Kingdom': ['UK', 'Regno unito'],
  Austria: ['Europe', 'Austria'],
  Belgium: ['Europe', 'Belgio'],
  Denmark: ['Europe', 'Danimarca'],
  Finland: ['Europe', 'Finlandia'],
  France: ['Europe', 'Francia'],
  Germany: ['Europe', 'Germania'],
  Ireland: ['Europe', 'Irlanda'],
  Italy: ['Europe', 'Italia'],
  Netherlands: ['Europe', 'Paesi Bassi'],
  Norway: ['Europe', 'Norvegia'],
  Portugal: ['Europe', 'Portogallo'],
  Spain: ['Europe', 'Spagna'],
  Sweden: ['Europe', 'Svezia'],
  Switzerland: ['Europe', 'Svizzera'],
  'European Union': ['Europe', 'Unione Europea'],
  Japan: ['Japan', 'Giappone'],
  Australia: ['Asia Pacific', 'Australia'],
  'New Zealand': ['Asia Pacific', 'Nuova Zelanda'],
  'Hong Kong': ['Asia Pacific', 'Hong Kong'],
  Singapore: ['Asia Pacific', 'Singapore'],
  Israel: ['Middle East', 'Israele'],
  Brazil: ['Emerging Markets', 'Brasile'],
  Chile: ['Emerging Markets', 'Cile'],
  China: ['Emerging Markets', 'Cina'],
  Colombia: ['Emerging Markets', 'Colombia'],
  Czechia: ['Emerging Markets', 'Repubblica Ceca'],
  Egypt: ['Emerging Markets', 'Egitto'],
  Greece: ['Emerging Markets', 'Grecia'],
  Hungary: ['Emerging Markets', 'Ungheria'],
  India: ['Emerging Markets', 'India'],
  Indonesia: ['Emerging Markets', 'Indonesia'],
  Kuwait: ['Emerging Markets', 'Kuwait'],
  Malaysia: ['Emerging Markets', 'Malesia'],
  Mexico: ['Emerging Markets', 'Messico'],
  Pakistan: ['Emerging Markets', 'Pakistan'],
  Peru: ['Emerging Markets', 'Peru'],
  Philippines: ['Emerging Markets', 'Filippine'],
  Poland: ['Emerging Markets', 'Polonia'],
  Qatar: ['Emerging Markets', 'Qatar'],
  Russia: ['Emerging Markets', 'Russia'],
  'Saudi Arabia': ['Emerging Markets', 'Arabia Saudita'],
  'South Africa': ['Emerging Markets', 'Sud Africa'],
  'South Korea': ['Emerging Markets', 'Corea'],
  Taiwan: ['Emerging Markets', 'Taiwan'],
  Thailand: ['Emerging Markets', 'Tailandia'],
  Türkiye: ['Emerging Markets', 'Turchia'],
  'United Arab Emirates': ['Emerging Markets', 'Emirati Arabi Uniti'],
};

/** Country words of the files → canonical name. */
export const COUNTRIES: Readonly<Record<string, string | null>> = {
  ...Object.fromEntries(Object.keys(COUNTRY_TABLE).map((name) => [name, name])),
  ...Object.fromEntries(Object.entries(COUNTRY_TABLE).map(([name, [, italian]]) => [italian, name])),
  'Korea (South)': 'South Korea',
  '-': null,
  '': null,
};

/** The region of a canonical country name. */
export function regionOf(country: string): string {
  const entry = COUNTRY_TABLE[country];
  if (entry === undefined) throw new Error(`no region for ${country}`);
  return entry[0];
}

/** Three letters → ISO 4217. The offshore renminbi (CNH) is no ISO code: it is the same currency, CNY. */
export function currencyCode(word: string): string | null {
  if (word === 'CNH') return 'CNY';
  return /^[A-Z]{3}$/.test(word) ? word : null;
}
