/** Writes one list of holdings as issuers do, in five languages and every layout, to be read back. */

export type Holding = {
  readonly ticker: string;
  readonly name: string;
  readonly isin: string;
  readonly kind: 'equity' | 'cash' | 'future';
  readonly sector: 'tech' | 'health' | 'utilities' | 'staples' | 'money';
  readonly country: 'us' | 'nl' | 'kr' | 'gb';
  readonly currency: string;
  /** Hundredths of a per cent. */
  readonly weight: number;
  /** Cents. */
  readonly marketValue: number;
};

export type Locale = 'en-US' | 'en-GB' | 'it' | 'es' | 'de' | 'fr';
export const LOCALES: readonly Locale[] = ['en-US', 'en-GB', 'it', 'es', 'de', 'fr'];

type Column =
  | 'ticker'
  | 'name'
  | 'isin'
  | 'sector'
  | 'country'
  | 'assetClass'
  | 'currency'
  | 'weight'
  | 'value';

type Words = {
  readonly headers: Readonly<Record<Column, readonly string[]>>;
  readonly sectors: Readonly<Record<Holding['sector'], readonly string[]>>;
  readonly countries: Readonly<Record<Holding['country'], readonly string[]>>;
  readonly kinds: Readonly<Record<Holding['kind'], string>>;
  readonly days: readonly string[];
  readonly labels: readonly string[];
  readonly inception: string;
};

const ENGLISH: Words = {
  headers: {
    ticker: ['Ticker', 'Issuer Ticker'],
    name: ['Name', 'Security Name'],
    isin: ['ISIN'],
    sector: ['Sector'],
    country: ['Location', 'Country'],
    assetClass: ['Asset Class'],
    currency: ['Market Currency', 'Currency'],
    weight: ['Weight (%)', 'Weight', '% of Fund'],
    value: ['Market Value'],
  },
  sectors: {
    tech: ['Information Technology', 'Technology'],
    health: ['Health Care'],
    utilities: ['Utilities'],
    staples: ['Consumer Staples'],
    money: ['Cash and/or Derivatives'],
  },
  countries: {
    us: ['United States', 'US'],
    nl: ['Netherlands'],
    kr: ['Korea (South)', 'South Korea'],
    gb: ['United Kingdom'],
  },
  kinds: { equity: 'Equity', cash: 'Cash', future: 'Futures' },
  days: ['Dec 06, 2024', 'December 6, 2024'],
  labels: ['Fund Holdings as of', 'Holdings as of'],
  inception: 'Inception Date',
};

const WORDS: Readonly<Record<Locale, Words>> = {
  'en-US': ENGLISH,
  'en-GB': { ...ENGLISH, days: ['06/Dec/2024', '06-Dec-24', '6 December 2024'] },
  it: {
    headers: {
      ticker: ['Ticker dell’emittente', 'Ticker'],
      name: ['Nome'],
      isin: ['Codice ISIN', 'ISIN'],
      sector: ['Settore'],
      country: ['Area Geografica', 'Paese'],
      assetClass: ['Asset Class', 'Classe di attivo'],
      currency: ['Valuta di mercato', 'Valuta'],
      weight: ['Ponderazione (%)', 'Peso', 'Peso (%)'],
      value: ['Valore di mercato'],
    },
    sectors: {
      tech: ['IT', 'Tecnologia dell’informazione'],
      health: ['Salute', 'Sanità'],
      utilities: ['Imprese di servizi di pubblica utilità'],
      staples: ['Generi di largo consumo', 'Beni di prima necessità'],
      money: ['Liquidità e/o derivati'],
    },
    countries: {
      us: ['Stati Uniti'],
      nl: ['Paesi Bassi'],
      kr: ['Corea', 'Corea del Sud'],
      gb: ['Regno unito'],
    },
    kinds: { equity: 'Azionario', cash: 'Contanti', future: 'Futures' },
    days: ['06/12/2024', '06-dic-2024', '6 dicembre 2024'],
    labels: ['Al', 'Posizioni al'],
    inception: 'Data di lancio',
  },
  es: {
    headers: {
      ticker: ['Ticker', 'Ticker del emisor'],
      name: ['Nombre'],
      isin: ['ISIN', 'Código ISIN'],
      sector: ['Sector'],
      country: ['Ubicación', 'País'],
      assetClass: ['Clase de activo', 'Clase de activos'],
      currency: ['Mercado de divisas', 'Divisa del mercado'],
      weight: ['Peso (%)', 'Ponderación (%)'],
      value: ['Valor de mercado'],
    },
    sectors: {
      tech: ['Tecnología de la Información'],
      health: ['Cuidado de la Salud', 'Salud'],
      utilities: ['Servicios', 'Servicios públicos'],
      staples: ['Productos básicos de consumo'],
      money: ['Efectivo y/o derivados'],
    },
    countries: {
      us: ['Estados Unidos'],
      nl: ['Holanda', 'Países Bajos'],
      kr: ['Corea'],
      gb: ['Reino Unido'],
    },
    kinds: { equity: 'Renta variable', cash: 'Efectivo', future: 'Futuros' },
    days: ['06-dic-24', '06/12/2024', '6 de diciembre de 2024'],
    labels: ['A fecha de', 'Fecha'],
    inception: 'Fecha de lanzamiento',
  },
  de: {
    headers: {
      ticker: ['Emittententicker'],
      name: ['Name'],
      isin: ['ISIN'],
      sector: ['Sektor'],
      country: ['Standort', 'Land'],
      assetClass: ['Anlageklasse'],
      currency: ['Marktwährung', 'Währung'],
      weight: ['Gewichtung (%)', 'Gewichtung'],
      value: ['Marktwert'],
    },
    sectors: {
      tech: ['IT', 'Informationstechnologie'],
      health: ['Gesundheitsversorgung', 'Gesundheitswesen'],
      utilities: ['Versorger', 'Versorgungsbetriebe'],
      staples: ['Nichtzyklische Konsumgüter', 'Basiskonsumgüter'],
      money: ['Cash und/oder Derivate'],
    },
    countries: {
      us: ['Vereinigte Staaten'],
      nl: ['Niederlande'],
      kr: ['Korea', 'Südkorea'],
      gb: ['Vereinigtes Königreich'],
    },
    kinds: { equity: 'Aktien', cash: 'Barmittel', future: 'Futures' },
    days: ['06.Dez.2024', '06.Dezember2024', '06.12.2024'],
    labels: ['Fondsposition per', 'Stand', 'Positionen zum', 'per'],
    inception: 'Auflagedatum',
  },
  fr: {
    headers: {
      ticker: ['Ticker', 'Ticker de l’émetteur'],
      name: ['Nom', 'Name'],
      isin: ['ISIN', 'Code ISIN'],
      sector: ['Secteur', 'Sector'],
      country: ['Localisation', 'Pays'],
      assetClass: ['Classe d’actifs', 'Asset Class'],
      currency: ['Devise du marché', 'Devise'],
      weight: ['Pondération (%)', 'Poids'],
      value: ['Valeur de marché'],
    },
    sectors: {
      tech: ["Technologie de l'information", 'Technologies de l’information'],
      health: ['Santé'],
      utilities: ['Services publics', 'Services aux collectivités'],
      staples: ['Biens de consommation de base'],
      money: ['Liquidités et/ou produits dérivés'],
    },
    countries: { us: ['États-unis'], nl: ['Pays-Bas'], kr: ['Corée', 'Corée du Sud'], gb: ['Royaume-uni'] },
    kinds: { equity: 'Actions', cash: 'Liquidités', future: 'Futures' },
    days: ['06/déc./2024', '6 décembre 2024', '06/12/2024'],
    labels: ['Au', 'Positions au'],
    inception: 'Date de lancement',
  },
};

export type Layout = {
  readonly locale: Locale;
  /** Which of several spellings. */
  readonly spelling: number;
  readonly columns: readonly Column[];
  readonly extraAt: readonly number[];
  readonly delimiter: ',' | ';' | '\t';
  readonly lineEnd: '\n' | '\r\n';
  readonly encoding: 'utf-8' | 'utf-8 with mark' | 'utf-16' | 'utf-16 without mark' | 'windows-1252';
  readonly preambleLines: number;
  readonly footer: number;
  readonly padded: boolean;
  readonly quoteAll: boolean;
};

export const COLUMNS: readonly Column[] = [
  'ticker',
  'name',
  'isin',
  'sector',
  'country',
  'assetClass',
  'currency',
  'weight',
  'value',
];

const pick = (words: readonly string[], which: number): string => words[which % words.length] ?? '';

const grouped = (hundredths: number, locale: Locale): string => {
  const sign = hundredths < 0 ? '-' : '';
  const digits = Math.abs(hundredths).toString().padStart(3, '0');
  const english = locale.startsWith('en');
  const by = english ? ',' : locale === 'fr' ? '\u00a0' : '.';
  const whole = digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, by);
  return `${sign}${whole}${english ? '.' : ','}${digits.slice(-2)}`;
};

const cellOf = (holding: Holding, column: Column, words: Words, layout: Layout): string => {
  const { locale, spelling } = layout;
  switch (column) {
    case 'ticker':
    case 'name':
    case 'isin':
    case 'currency':
      return holding[column] === '' ? '-' : holding[column];
    case 'sector':
      return pick(words.sectors[holding.sector], spelling);
    case 'country':
      return pick(words.countries[holding.country], spelling);
    case 'assetClass':
      return words.kinds[holding.kind];
    case 'weight':
      return grouped(holding.weight, locale);
    case 'value':
      return grouped(holding.marketValue, locale);
  }
};

const FOOTERS = [
  [],
  ['The content is its publisher’s.'],
  ['"Legal notice, in\nmany lines; with ""quotes"", commas and 1.234,56 numbers.\nEnd."'],
  ['Holdings subject to change.', '"© 2024 Northwind, ""Inc"".\nAll rights reserved."', 'Total pages 1'],
];

const preambleOf = (words: Words, layout: Layout): string[][] => {
  const { spelling, preambleLines } = layout;
  const dated = [pick(words.labels, spelling), pick(words.days, spelling)];
  const around = [
    ['Northwind Example UCITS ETF'],
    [words.inception, pick(words.days, 0).replace('2024', '2009').replace(/24$/, '09')],
    ['Shares Outstanding', '1250000'],
    ['Stock', '-'],
    ['Bond', '-'],
    ['Cash', '-'],
    ['Other', '-'],
    ['\u00a0'],
  ];
  const kept = around.slice(0, Math.max(0, preambleLines - 1));
  return [...kept.slice(0, 1), dated, ...kept.slice(1)];
};

/** Writes the holdings in a layout. */
export const writeFile = (holdings: readonly Holding[], layout: Layout): Uint8Array => {
  const words = WORDS[layout.locale];
  const quote = (cell: string): string =>
    layout.quoteAll || /["\n\r]/.test(cell) || cell.includes(layout.delimiter)
      ? `"${cell.replaceAll('"', '""')}"`
      : cell;
  const withExtra = (cells: string[], extra: (at: number) => string): string[] => {
    const result = [...cells];
    for (const at of layout.extraAt) result.splice(at % (result.length + 1), 0, extra(at));
    return result;
  };
  const width = layout.columns.length + layout.extraAt.length;
  const line = (cells: readonly string[]): string =>
    [
      ...cells.map((cell) => quote(cell)),
      ...Array<string>(layout.padded ? Math.max(0, width - cells.length) : 0).fill(''),
    ].join(layout.delimiter);
  const header = withExtra(
    layout.columns.map((column) => pick(words.headers[column], layout.spelling)),
    (at) => `Zauber ${at}`,
  );
  const rows = holdings.map((holding) =>
    withExtra(
      layout.columns.map((column) => cellOf(holding, column, words, layout)),
      (at) => (at % 2 === 0 ? '7,5.3' : 'abracadabra'),
    ),
  );
  const text = [
    ...preambleOf(words, layout).map((cells) => line(cells)),
    line(header),
    ...rows.map((cells) => line(cells)),
    ...(layout.footer === 0 ? [] : ['\u00a0', ...(FOOTERS[layout.footer] ?? [])]),
    '',
  ].join(layout.lineEnd);
  return encode(text, layout.encoding);
};

const encode = (text: string, encoding: Layout['encoding']): Uint8Array => {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from(text);
    case 'utf-8 with mark':
      return Buffer.from(`\ufeff${text}`);
    case 'utf-16':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16 without mark':
      return Buffer.from(text, 'utf16le');
    case 'windows-1252':
      return Buffer.from(text.replaceAll('’', "'"), 'latin1');
  }
};
