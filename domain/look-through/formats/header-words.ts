/** What a column means. `identifier`: a code of whatever scheme its check digit fits. */
export const FIELDS = [
  'ticker',
  'name',
  'isin',
  'cusip',
  'sedol',
  'figi',
  'lei',
  'identifier',
  'sector',
  'industry',
  'country',
  'currency',
  'exchange',
  'assetClass',
  'weight',
  'marketValue',
  'notional',
  'quantity',
  'price',
  'asOf',
  'coupon',
  'maturity',
] as const;
export type Field = (typeof FIELDS)[number];

/** Languages in which issuers write headers; English for both the United States and the United Kingdom. */
export type Language = 'en' | 'it' | 'es' | 'de' | 'fr';

type HeaderWords = Readonly<Partial<Record<Language, string>>>;

/**
 * Header words by field and language, the likelier first: where two columns of a file mean one field ("Market
 * Currency" and "Currency"), the earlier word wins. A new spelling is one more word here.
 */
export const HEADER_WORDS: Readonly<Record<Field, HeaderWords>> = {
  ticker: {
    en: 'Holding Ticker; Ticker; Issuer Ticker; Ticker Symbol; Symbol; Stock Ticker; Constituent Ticker; Security Ticker; Trading Symbol; Stock Symbol; Bloomberg Ticker; BBG Ticker',
    it: 'Ticker dell’emittente; Ticker emittente; Simbolo; Codice ticker',
    es: 'Ticker del emisor; Ticker emisor; Símbolo',
    de: 'Emittententicker; Ticker des Emittenten; Tickersymbol; Kürzel; Börsenkürzel',
    fr: 'Ticker de l’émetteur; Ticker émetteur; Symbole; Code mnémonique; Mnémonique',
  },
  name: {
    en: 'Name; Issuer Name; Security Name; Holding Name; Holdings Name; Company Name; Company; Holding; Holdings; Security; Securities; Constituent; Constituent Name; Instrument Name; Asset Name; Underlying Name; Issuer; Description; Security Description; Instrument; Top 10 Holdings; Top Ten Holdings; Top Holdings',
    it: 'Nome; Nome del titolo; Nome titolo; Denominazione; Descrizione; Nome dell’emittente; Titolo; Titoli; Emittente; Strumento',
    es: 'Nombre; Nombre del emisor; Nombre del valor; Nombre del título; Denominación; Descripción; Emisor; Valores',
    de: 'Name des Emittenten; Bezeichnung; Wertpapier; Wertpapiere; Wertpapierbezeichnung; Emittent; Wertpapiername; Name des Wertpapiers; Unternehmen; Titel',
    fr: 'Nom; Nom de l’émetteur; Libellé; Désignation; Nom du titre; Nom de l’instrument; Titre; Émetteur; Valeurs; Positions',
  },
  isin: {
    en: 'ISIN; ISIN Code; Security ISIN; ISIN Number',
    it: 'Codice ISIN',
    es: 'Código ISIN',
    de: 'ISIN-Code; ISIN-Nummer',
    fr: 'Code ISIN',
  },
  cusip: {
    en: 'CUSIP; CUSIP Number; Security CUSIP; CUSIP Code',
  },
  sedol: {
    en: 'SEDOL; SEDOL Code; Security SEDOL; SEDOL Number',
    it: 'Codice SEDOL',
    es: 'Código SEDOL',
    fr: 'Code SEDOL',
  },
  figi: {
    en: 'FIGI; Composite FIGI; OpenFIGI; BBG FIGI; Bloomberg FIGI',
  },
  lei: {
    en: 'LEI; LEI Code; Issuer LEI',
  },
  identifier: {
    en: 'Security Identifier; Identifier; Security ID; Holding Identifier; Instrument Identifier; Security Number; ISIN/CUSIP; ISIN/SEDOL; ISIN/SEDOL/CUSIP; CUSIP/ISIN; SEDOL/CUSIP',
    it: 'Identificativo; Identificativo del titolo',
    es: 'Identificador; Identificador del valor',
    de: 'Kennung; Wertpapierkennung',
    fr: 'Identifiant; Identifiant du titre',
  },
  sector: {
    en: 'Sector; GICS Sector; Sector Name; Industry Sector; Sector Classification; Economic Sector; ICB Sector; ICB Industry; Equity Sector',
    it: 'Settore; Settore GICS; Settore economico',
    es: 'Sector GICS; Sector económico',
    de: 'Sektor; GICS-Sektor; Branche; Sektor (GICS)',
    fr: 'Secteur; Secteur GICS; Secteur d’activité; Secteur économique',
  },
  industry: {
    en: 'Sub-Industry; GICS Sub-Industry; Industry; GICS Industry; Industry Name; Industry Group; GICS Industry Group; Subindustry; Industry Classification',
    it: 'Industria; Sottosettore',
    es: 'Subsector; Subindustria',
    de: 'Teilbranche; Industriezweig; Industriegruppe',
    fr: 'Industrie; Sous-secteur; Sous-industrie',
  },
  country: {
    en: 'Location; Country; Country of Risk; Market; Country Name; Country Code; Holding Country; Domicile; Country of Domicile; Issuer Country; Country of Issue; Country of Incorporation; Country/Region; Trade Country Name; Trade Country; Region',
    it: 'Area Geografica; Paese; Nazione; Localizzazione; Paese di rischio; Ubicazione; Posizione geografica; Paese di domicilio; Regione',
    es: 'Ubicación; País; Localización; País de riesgo; Ubicación geográfica; País de domicilio; Región',
    de: 'Standort; Land; Länder; Land des Emittenten; Risikoland; Herkunftsland; Emissionsland; Domizil; Region',
    fr: 'Localisation; Pays; Lieu; Pays de risque; Emplacement; Zone géographique; Pays d’émission; Domicile; Région',
  },
  currency: {
    en: 'Market Currency; Local Currency; Currency; Currency Code; Trading Currency; Security Currency; Local CCY; CCY; Holding Currency',
    it: 'Valuta di mercato; Valuta del mercato; Valuta locale; Valuta; Divisa',
    es: 'Mercado de divisas; Divisa del mercado; Divisa de mercado; Moneda del mercado; Divisa local; Moneda; Divisa',
    de: 'Marktwährung; Lokalwährung; Währung; Handelswährung',
    fr: 'Devise du marché; Devise de marché; Devise locale; Devise; Monnaie',
  },
  exchange: {
    en: 'Exchange; Exchange Name; Stock Exchange; Primary Exchange; MIC; Exchange MIC; Market Exchange; MIC Code; Listing Exchange',
    it: 'Cambio; Borsa; Borsa valori; Mercato; Piazza; Mercato di quotazione',
    es: 'Bolsa de valores; Bolsa; Intercambio; Mercado; Mercado bursátil',
    de: 'Börse; Börsenplatz; Handelsplatz; Boerse',
    fr: 'Bourse; Place de cotation; Place; Bourse de valeurs; Marché; Place boursière',
  },
  assetClass: {
    en: 'Asset Class; Asset Type; Asset Category; Security Type; Holding Type; Investment Type; Type; Instrument Type; Asset Group; Class of Shares; Security Class; Type of Security',
    it: 'Classe di attivo; Classe di attività; Classe d’attivo; Classe di attivi; Tipo di attività; Asset class; Tipologia; Tipo di strumento; Tipo',
    es: 'Clase de activo; Clase de activos; Tipo de activo; Tipo de instrumento; Tipo',
    de: 'Anlageklasse; Assetklasse; Asset-Klasse; Vermögensklasse; Anlagekategorie; Wertpapierart; Instrumentenart',
    fr: 'Classe d’actifs; Classe d’actif; Catégorie d’actifs; Catégorie d’actif; Type d’actif; Type d’instrument',
  },
  weight: {
    en: 'Weight (%); Weight; Weighting (%); Weighting; Weight %; Weight Pct; Market Weight; % of Fund; % of Funds; % of Net Assets; % of Total Net Assets; % Weight; Percent of Fund; Fund Weight; Portfolio Weight; Percentage of Fund; Holding Percent; % Net Assets; % of NAV; % NAV; % of Portfolio; % of Assets; Percent of Assets; % of Total; % of Market Value; % of Total Market Value; Percentage; WeightPercent; Weight in %; Allocation (%); Allocation',
    it: 'Ponderazione (%); Ponderazione; Peso (%); Peso; Peso %; % del fondo; Peso in %; % del patrimonio; % degli attivi; % degli asset; % di asset; % dell’attivo; % del portafoglio; % del valore di mercato',
    es: 'Peso (%); Ponderación (%); Ponderación; Peso; Porcentaje; % del fondo; Peso en %; % de los activos; % de activos; % del patrimonio; % del patrimonio neto; % de la cartera; % del valor de mercado',
    de: 'Gewichtung (%); Gewichtung; Gewicht (%); Gewicht; Anteil (%); Anteil in %; Gewichtung in %; % der Assets; % des Fonds; % des Fondsvolumens; % des Fondsvermögens; % des Nettovermögens; % des Marktwerts; Fondsanteil; Portfoliogewichtung',
    fr: 'Pondération (%); Pondération; Poids (%); Poids; Poids en %; % de l’actif net; % du fonds; % des actifs; % d’actifs; % de l’actif; % du portefeuille; % de la valeur de marché',
  },
  marketValue: {
    en: 'Market Value; Value; Market Value (Base); Base Market Value; Total Market Value; Holding Value; Position Value; Mkt Value',
    it: 'Valore di mercato; Controvalore',
    es: 'Valor de mercado; Valor efectivo',
    de: 'Marktwert; Kurswert',
    fr: 'Valeur de marché; Valeur boursière; Valeur du marché; Valeur de marche totale; Valeur',
  },
  notional: {
    en: 'Notional Value; Notional; Notional Amount; Notional Exposure',
    it: 'Valore nozionale; Nozionale',
    es: 'Valor nocional; Valor nominal; Nocional',
    de: 'Nominalwert; Nennwert; Nominalbetrag',
    fr: 'Valeur notionnelle; Notionnel; Valeur nominale; Montant notionnel',
  },
  quantity: {
    en: 'Quantity; Shares; Nominal; Par Value; Shares Held; Units; Number of Shares; Shares/Par Value; Shares/Par; Shares or Par; Nominal/Par Value; Face Amount; Face Value; Shares/Contracts; Contracts; Units Held; Shares Number; Par',
    it: 'Nominale; Quantità; Azioni; Numero di azioni; Quote',
    es: 'Acciones; Nominal; Cantidad; Número de acciones; Títulos; Participaciones',
    de: 'Nominale; Anteile; Stück; Anzahl; Stückzahl; Menge; Aktien',
    fr: 'Quantité; Nombre d’actions; Actions; Titres; Nombre de titres; Parts; Nominal',
  },
  price: {
    en: 'Price; Market Price; Last Price; Local Price; Closing Price; Share Price',
    it: 'Prezzo; Prezzo di mercato',
    es: 'Precio; Precio de mercado',
    de: 'Kurs; Preis; Marktpreis',
    fr: 'Prix; Cours; Prix de marché; Cours de clôture',
  },
  asOf: {
    en: 'As Of; As Of Date; Asof; Holdings Date; Position Date; Valuation Date; Holdings As Of; Report Date; Date',
    it: 'Data; Data di riferimento; Data di valutazione',
    es: 'Fecha; Fecha de valoración',
    de: 'Datum; Stichtag; Bewertungsdatum',
    fr: 'Date de valorisation; Date de valeur; Date d’inventaire',
  },
  coupon: {
    en: 'Coupon (%); Coupon; Coupon Rate; Coupon/Yield',
    it: 'Cedola (%); Cedola; Coupon (%)',
    es: 'Cupón (%); Cupón',
    de: 'Kupon (%); Kupon; Zinskupon (%)',
    fr: 'Coupon (%); Taux du coupon; Taux de coupon',
  },
  maturity: {
    en: 'Maturity; Maturity Date',
    it: 'Scadenza; Data di scadenza',
    es: 'Vencimiento; Fecha de vencimiento',
    de: 'Fälligkeit; Fälligkeitsdatum; Endfälligkeit',
    fr: 'Échéance; Date d’échéance; Maturité',
  },
};
