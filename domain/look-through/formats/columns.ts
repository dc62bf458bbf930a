import { foldTerm } from '../terms/index.ts';

/** What a column means. */
export type Field =
  | 'ticker'
  | 'name'
  | 'isin'
  | 'cusip'
  | 'sedol'
  | 'figi'
  | 'sector'
  | 'country'
  | 'currency'
  | 'exchange'
  | 'assetClass'
  | 'weight'
  | 'marketValue'
  | 'notional'
  | 'quantity'
  | 'price'
  | 'asOf';

/** Languages in which issuers write headers; English for both the United States and the United Kingdom. */
export type Language = 'en' | 'it' | 'es' | 'de' | 'fr';

type HeaderWords = Readonly<Partial<Record<Language, string>>>;

/**
 * Header words by field and language, the likelier first: where two columns of a file mean one field ("Market
 * Currency" and "Currency"), the earlier word wins. A new spelling is one more word here.
 */
const HEADERS: Readonly<Record<Field, HeaderWords>> = {
  ticker: {
    en: 'Ticker; Issuer Ticker; Ticker Symbol; Holding Ticker; Symbol; Stock Ticker; Bloomberg Ticker',
    it: 'Ticker dell’emittente; Ticker emittente; Simbolo',
    es: 'Ticker del emisor; Símbolo',
    de: 'Emittententicker; Ticker des Emittenten; Kürzel',
    fr: 'Ticker de l’émetteur; Ticker émetteur; Symbole; Code mnémonique',
  },
  name: {
    en: 'Name; Issuer Name; Security Name; Holding Name; Company Name; Company; Holding; Security; Constituent; Constituent Name; Issuer; Description; Security Description',
    it: 'Nome; Nome del titolo; Denominazione; Descrizione; Nome dell’emittente; Titolo',
    es: 'Nombre; Nombre del emisor; Denominación; Descripción; Nombre del valor',
    de: 'Name des Emittenten; Bezeichnung; Wertpapier; Wertpapierbezeichnung; Emittent; Wertpapiername; Unternehmen',
    fr: 'Nom; Nom de l’émetteur; Libellé; Désignation; Nom du titre; Titre; Émetteur',
  },
  isin: {
    en: 'ISIN; ISIN Code; Security ISIN',
    it: 'Codice ISIN',
    es: 'Código ISIN',
    de: 'ISIN-Code',
    fr: 'Code ISIN',
  },
  cusip: { en: 'CUSIP; CUSIP Number; Security CUSIP' },
  sedol: { en: 'SEDOL; SEDOL Code; Security SEDOL' },
  figi: { en: 'FIGI; Composite FIGI; OpenFIGI' },
  sector: {
    en: 'Sector; GICS Sector; Sector Name; Industry Sector; Sector Classification; Industry',
    it: 'Settore; Settore GICS',
    es: 'Sector GICS; Sector económico',
    de: 'Sektor; GICS-Sektor; Branche; Sektor (GICS)',
    fr: 'Secteur; Secteur GICS; Secteur d’activité',
  },
  country: {
    en: 'Location; Country; Country of Risk; Market; Country Name; Domicile; Country of Domicile; Issuer Country',
    it: 'Area Geografica; Paese; Nazione; Localizzazione; Paese di rischio; Ubicazione; Posizione geografica',
    es: 'Ubicación; País; Localización; País de riesgo',
    de: 'Standort; Land; Länder; Land des Emittenten; Risikoland',
    fr: 'Localisation; Pays; Lieu; Pays de risque; Emplacement; Zone géographique',
  },
  currency: {
    en: 'Market Currency; Local Currency; Currency; Currency Code; Trading Currency',
    it: 'Valuta di mercato; Valuta del mercato; Valuta; Divisa',
    es: 'Mercado de divisas; Divisa del mercado; Divisa de mercado; Moneda del mercado; Moneda; Divisa',
    de: 'Marktwährung; Währung; Handelswährung',
    fr: 'Devise du marché; Devise de marché; Devise; Monnaie',
  },
  exchange: {
    en: 'Exchange; Exchange Name; Stock Exchange; Primary Exchange; MIC; Exchange MIC; Market Exchange',
    it: 'Cambio; Borsa; Borsa valori; Mercato; Piazza; Mercato di quotazione',
    es: 'Bolsa de valores; Bolsa; Intercambio; Mercado',
    de: 'Börse; Börsenplatz; Handelsplatz; Boerse',
    fr: 'Bourse; Place de cotation; Place; Bourse de valeurs; Marché',
  },
  assetClass: {
    en: 'Asset Class; Asset Type; Asset Category; Security Type; Type; Instrument Type; Asset Group',
    it: 'Classe di attivo; Classe di attività; Classe d’attivo; Tipo di attività; Asset class; Tipologia',
    es: 'Clase de activo; Clase de activos; Tipo de activo; Tipo',
    de: 'Anlageklasse; Assetklasse; Vermögensklasse; Anlagekategorie',
    fr: 'Classe d’actifs; Classe d’actif; Catégorie d’actifs; Catégorie d’actif; Type d’actif',
  },
  weight: {
    en: 'Weight (%); Weight; Weighting (%); Weighting; Weight %; Weight Pct; Market Weight; % of Fund; % of Net Assets; % Weight; Percent of Fund; Fund Weight; Percentage of Fund; Holding Percent; % Net Assets; Percentage; WeightPercent',
    it: 'Ponderazione (%); Ponderazione; Peso (%); Peso; Peso %; % del fondo',
    es: 'Peso (%); Ponderación (%); Ponderación; Peso; Porcentaje; % del fondo',
    de: 'Gewichtung (%); Gewichtung; Gewicht (%); Gewicht; Anteil (%); Anteil in %; Gewichtung in %',
    fr: 'Pondération (%); Pondération; Poids (%); Poids; Poids en %; % de l’actif net',
  },
  marketValue: {
    en: 'Market Value; Value; Market Value (Base); Total Market Value; Holding Value',
    it: 'Valore di mercato; Controvalore',
    es: 'Valor de mercado',
    de: 'Marktwert; Kurswert',
    fr: 'Valeur de marché; Valeur boursière; Valeur du marché; Valeur',
  },
  notional: {
    en: 'Notional Value; Notional; Notional Amount',
    it: 'Valore nozionale; Nozionale',
    es: 'Valor nocional; Valor nominal; Nocional',
    de: 'Nominalwert; Nennwert; Nominalbetrag',
    fr: 'Valeur notionnelle; Notionnel; Valeur nominale; Montant notionnel',
  },
  quantity: {
    en: 'Quantity; Shares; Nominal; Par Value; Shares Held; Units; Number of Shares; Shares/Par Value',
    it: 'Nominale; Quantità; Azioni; Numero di azioni; Quote',
    es: 'Acciones; Nominal; Cantidad; Número de acciones; Títulos; Participaciones',
    de: 'Nominale; Anteile; Stück; Anzahl; Stückzahl; Menge; Aktien',
    fr: 'Quantité; Nombre d’actions; Actions; Titres; Nombre de titres; Parts; Nominal',
  },
  price: {
    en: 'Price; Market Price; Last Price; Local Price; Closing Price',
    it: 'Prezzo; Prezzo di mercato',
    es: 'Precio; Precio de mercado',
    de: 'Kurs; Preis; Marktpreis',
    fr: 'Prix; Cours; Prix de marché; Cours de clôture',
  },
  asOf: {
    en: 'As Of; As Of Date; Asof; Holdings Date; Date',
    it: 'Data',
    es: 'Fecha',
    de: 'Datum; Stichtag',
  },
};

type Meaning = { readonly field: Field; readonly rank: number; readonly languages: readonly Language[] };

const headerIndex = (): ReadonlyMap<string, Meaning> => {
  const index = new Map<string, Meaning>();
  for (const field of Object.keys(HEADERS) as Field[]) {
    for (const [language, words] of Object.entries(HEADERS[field]) as Array<[Language, string]>) {
      for (const [rank, word] of words.split('; ').entries()) {
        const folded = foldHeader(word);
        const before = index.get(folded);
        if (before === undefined) index.set(folded, { field, rank, languages: [language] });
        else if (before.field === field) {
          index.set(folded, { ...before, languages: [...new Set([...before.languages, language])] });
        }
        // The same word for two fields (Italian "Titolo", Spanish "Mercado") keeps the meaning that stands first.
      }
    }
  }
  return index;
};

/** Headers as they are compared. "Weight (%)", "Weight %", "weight_pct" and "weightPct" are one; "% of Fund" keeps its sign. */
const foldHeader = (header: string): string => {
  const split = header.replace(/([a-z])([A-Z])/g, '$1 $2');
  const folded = foldTerm(split.replaceAll('%', ' percent '));
  return folded.replace(/ (?:pct|percent|in percent|percentage)$/, '');
};

const INDEX = headerIndex();

/** The meaning of one header cell, or null for a column that look-through does not use. */
export const meaningOf = (header: string): Meaning | null =>
  header.length > LONGEST_HEADER ? null : (INDEX.get(foldHeader(header)) ?? null);

/** Longer cells are prose, and a line of them may be as long as the file. */
const LONGEST_HEADER = 80;

/** A header row, understood. */
export type Header = {
  /** Column of each field. */
  readonly columns: ReadonlyMap<Field, number>;
  /** Header cells as printed. */
  readonly printed: readonly string[];
  /** How many known headers are written in each language. */
  readonly votes: ReadonlyMap<Language, number>;
  /** Fields that two columns of the very same name claim. */
  readonly doubled: readonly Field[];
};

/** Understands a header row. Order and further columns are free. */
export const readHeader = (cells: readonly string[]): Header => {
  const found = new Map<Field, { column: number; rank: number; text: string }>();
  const votes = new Map<Language, number>();
  const doubled: Field[] = [];
  for (const [column, cell] of cells.entries()) {
    const meaning = meaningOf(cell);
    if (meaning === null) continue;
    for (const language of meaning.languages) votes.set(language, (votes.get(language) ?? 0) + 1);
    const before = found.get(meaning.field);
    const text = foldTerm(cell);
    if (before !== undefined && before.text === text) doubled.push(meaning.field);
    if (before === undefined || meaning.rank < before.rank) {
      found.set(meaning.field, { column, rank: meaning.rank, text });
    }
  }
  const columns = new Map([...found].map(([field, { column }]) => [field, column]));
  return { columns, printed: cells.map((cell) => cell.trim()), votes, doubled };
};

const IDENTITY: readonly Field[] = ['isin', 'cusip', 'sedol', 'figi', 'ticker', 'name'];

export const hasIdentity = (header: Header): boolean => IDENTITY.some((field) => header.columns.has(field));
