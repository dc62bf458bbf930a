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
    en: 'Holding Ticker; Ticker; Issuer Ticker; Ticker Symbol; Symbol; Stock Ticker; Constituent Ticker; Security Ticker; Trading Symbol; Stock Symbol; Bloomberg Ticker; BBG Ticker; Constituent Symbol; Local Ticker; Exchange Ticker; Security Symbol; Holding Symbol; RIC Ticker',
    it: 'Ticker dell’emittente; Ticker emittente; Simbolo; Codice ticker',
    es: 'Ticker del emisor; Ticker emisor; Símbolo',
    de: 'Emittententicker; Ticker des Emittenten; Tickersymbol; Kürzel; Börsenkürzel',
    fr: 'Ticker de l’émetteur; Ticker émetteur; Symbole; Code mnémonique; Mnémonique',
  },
  name: {
    en: 'Name; Issuer Name; Security Name; Holding Name; Holdings Name; Company Name; Company; Holding; Holdings; Security; Securities; Constituent; Constituent Name; Instrument Name; Asset Name; Underlying Name; Issuer; Description; Security Description; Instrument; Top 10 Holdings; Top Ten Holdings; Top Holdings; Security Long Name; Long Name; Full Name; Stock Name; Stock; Constituents; Bond Name; Asset Description; Issue Name; Holding Description; Underlying Security; Position Description; Position Name; Asset; Investment; Investment Name',
    it: 'Nome; Nome del titolo; Nome titolo; Denominazione; Descrizione; Nome dell’emittente; Titolo; Titoli; Emittente; Strumento; Nome della partecipazione; Nome delle partecipazioni; Partecipazioni; Nome della posizione; Nome strumento; Descrizione titolo; Nome della società',
    es: 'Nombre; Nombre del emisor; Nombre del valor; Nombre del título; Denominación; Descripción; Emisor; Valores; Nombre de la posición; Nombre de las posiciones; Nombre de la participación; Nombre de la empresa; Activo; Nombre del activo; Descripción del valor',
    de: 'Name des Emittenten; Bezeichnung; Wertpapier; Wertpapiere; Wertpapierbezeichnung; Emittent; Wertpapiername; Name des Wertpapiers; Unternehmen; Titel; Name der Position; Name der Beteiligung; Bezeichnung des Wertpapiers; Positionsname; Bestand; Name der Aktie; Gattungsbezeichnung; Instrument; Firma',
    fr: 'Nom; Nom de l’émetteur; Libellé; Désignation; Nom du titre; Nom de l’instrument; Titre; Émetteur; Valeurs; Positions; Nom de la position; Nom de la participation; Nom de la société; Nom de l’actif; Nom de la valeur; Libellé du titre; Société',
  },
  isin: {
    en: 'ISIN; ISIN Code; Security ISIN; ISIN Number; Underlying ISIN; Constituent ISIN; Holding ISIN; Component ISIN; Instrument ISIN; Asset ISIN',
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
    en: 'Sector; GICS Sector; Sector Name; Industry Sector; Sector Classification; Economic Sector; ICB Sector; ICB Industry; Equity Sector; GICS Sector Name; Sector (GICS); BICS Sector; Bloomberg Sector; Issuer Sector; Holding Sector; Sector Group',
    it: 'Settore; Settore GICS; Settore economico; Settore di attività; Settore (GICS); Comparto',
    es: 'Sector GICS; Sector económico; Sector de actividad; Sector (GICS)',
    de: 'Sektor; GICS-Sektor; Branche; Sektor (GICS); Wirtschaftssektor; Sektor/Branche; GICS Sektor; Wirtschaftszweig',
    fr: 'Secteur; Secteur GICS; Secteur d’activité; Secteur économique; Secteur (GICS); Secteur GICS; Secteurs',
  },
  industry: {
    en: 'Sub-Industry; GICS Sub-Industry; Industry; GICS Industry; Industry Name; Industry Group; GICS Industry Group; Subindustry; Industry Classification',
    it: 'Industria; Sottosettore',
    es: 'Subsector; Subindustria',
    de: 'Teilbranche; Industriezweig; Industriegruppe',
    fr: 'Industrie; Sous-secteur; Sous-industrie',
  },
  country: {
    en: 'Location; Country; Country of Risk; Market; Country Name; Country Code; Holding Country; Domicile; Country of Domicile; Issuer Country; Country of Issue; Country of Incorporation; Country/Region; Trade Country Name; Trade Country; Region; Risk Country; Country Risk; Issue Country; Geography; Geographic Location; Country of Listing; Country of Exchange; Country Risk Name; Nation',
    it: 'Area Geografica; Paese; Nazione; Localizzazione; Paese di rischio; Ubicazione; Posizione geografica; Paese di domicilio; Regione; Paese di emissione; Paese emittente; Paese dell’emittente',
    es: 'Ubicación; País; Localización; País de riesgo; Ubicación geográfica; País de domicilio; Región; País de emisión; País del emisor; País de cotización',
    de: 'Standort; Land; Länder; Land des Emittenten; Risikoland; Herkunftsland; Emissionsland; Domizil; Region; Land (Risiko); Länderrisiko; Sitzland; Land des Sitzes; Ländername',
    fr: 'Localisation; Pays; Lieu; Pays de risque; Emplacement; Zone géographique; Pays d’émission; Domicile; Région; Pays de domiciliation; Pays du risque; Pays de l’émetteur',
  },
  currency: {
    en: 'Market Currency; Local Currency; Currency; Currency Code; Trading Currency; Security Currency; Local CCY; CCY; Holding Currency; Asset Currency; Instrument Currency; Local Currency Code; Quote Currency; Issue Currency; Holding CCY',
    it: 'Valuta di mercato; Valuta del mercato; Valuta locale; Valuta; Divisa; Valuta di quotazione; Valuta titolo',
    es: 'Mercado de divisas; Divisa del mercado; Divisa de mercado; Moneda del mercado; Divisa local; Moneda; Divisa; Divisa de cotización; Divisa del valor; Moneda local',
    de: 'Marktwährung; Lokalwährung; Währung; Handelswährung; Instrumentenwährung; Notierungswährung',
    fr: 'Devise du marché; Devise de marché; Devise locale; Devise; Monnaie; Devise de cotation; Devise du titre',
  },
  exchange: {
    en: 'Exchange; Exchange Name; Stock Exchange; Primary Exchange; MIC; Exchange MIC; Market Exchange; MIC Code; Listing Exchange; Listing Venue; Trading Venue; Exchange Code',
    it: 'Cambio; Borsa; Borsa valori; Mercato; Piazza; Mercato di quotazione',
    es: 'Bolsa de valores; Bolsa; Intercambio; Mercado; Mercado bursátil',
    de: 'Börse; Börsenplatz; Handelsplatz; Boerse',
    fr: 'Bourse; Échange; Place de cotation; Place; Bourse de valeurs; Marché; Place boursière',
  },
  assetClass: {
    en: 'Asset Class; Asset Type; Asset Category; Security Type; Holding Type; Investment Type; Type; Instrument Type; Asset Group; Class of Shares; Security Class; Type of Security; Security Category; Sec Type; Asset Sub Class; Holding Category; Product Type; Position Type; Asset Type Name; Instrument Class',
    it: 'Classe di attivo; Classe di attività; Classe d’attivo; Classe di attivi; Tipo di attività; Asset class; Tipologia; Tipo di strumento; Tipo; Tipo di titolo; Categoria di attivo; Tipo titolo',
    es: 'Clase de activo; Clase de activos; Tipo de activo; Tipo de instrumento; Tipo; Tipo de valor; Tipo de título; Categoría de activo',
    de: 'Anlageklasse; Assetklasse; Asset-Klasse; Vermögensklasse; Anlagekategorie; Wertpapierart; Instrumentenart; Gattung; Wertpapiertyp; Wertpapiergattung; Instrumententyp; Anlageart',
    fr: 'Classe d’actifs; Classe d’actif; Catégorie d’actifs; Catégorie d’actif; Type d’actif; Type d’instrument; Nature; Type de titre; Type de valeur; Type',
  },
  weight: {
    en: 'Weight (%); Weight; Weighting (%); Weighting; Weight %; Weight Pct; Market Weight; % of Fund; % of Funds; % of Net Assets; % of Total Net Assets; % Weight; Percent of Fund; Fund Weight; Portfolio Weight; Percentage of Fund; Holding Percent; % Net Assets; % of NAV; % NAV; % of Portfolio; % of Assets; Percent of Assets; % of Total; % of Market Value; % of Total Market Value; Percentage; WeightPercent; Weight in %; Allocation (%); Allocation; % of Net Asset Value; % of Total Assets; Weight(%); Wgt; Wgt %; % Wgt; Wt %; Wt; Holding Weight; Holding Weight (%); Index Weight; Index Weight (%); Portfolio %; % Portfolio; NAV %; Fund %; Position Weight; Percent of Net Assets; Percent of Portfolio; Percentage of Net Assets; Percent; Asset Weight; % Assets; % Market Value; Market Value %',
    it: 'Ponderazione (%); Ponderazione; Peso (%); Peso; Peso %; % del fondo; Peso in %; % del patrimonio; % degli attivi; % degli asset; % di asset; % dell’attivo; % del portafoglio; % del valore di mercato; % attivi netti; % del patrimonio netto; % patrimonio netto; % del NAV; Peso percentuale; % sul totale; % sul patrimonio',
    es: 'Peso (%); Ponderación (%); Ponderación; Peso; Porcentaje; % del fondo; Peso en %; % de los activos; % de activos; % del patrimonio; % del patrimonio neto; % de la cartera; % del valor de mercado; % de activos netos; % activos netos; % sobre patrimonio; % patrimonio; % del activo neto; % del valor liquidativo; Peso porcentual',
    de: 'Gewichtung (%); Gewichtung; Gewicht (%); Gewicht; Anteil (%); Anteil in %; Gewichtung in %; % der Assets; % des Fonds; % des Fondsvolumens; % des Fondsvermögens; % des Nettovermögens; % des Marktwerts; Fondsanteil; Portfoliogewichtung; % des Nettoinventarwerts; % NAV; Anteil am Fonds; Gewicht in %; Gewichtung %; Gewicht %; % Gewichtung; % des Portfolios; Anteil am Fondsvermögen; Anteil am Fondsvermögen (%)',
    fr: 'Pondération (%); Pondération; Poids (%); Poids; Poids en %; % de l’actif net; % du fonds; % des actifs; % d’actifs; % de l’actif; % du portefeuille; % de la valeur de marché; % actif net; Poids %; Pondération %; Pondération en %; % de l’actif total; % du total; % de la VNI; Poids dans le fonds',
  },
  marketValue: {
    en: 'Market Value; Value; Market Value (Base); Base Market Value; Total Market Value; Holding Value; Position Value; Mkt Value; MV; Market Val; Fair Value; Market Value Base; Base Value; Mkt Val; Holding Market Value; Notional/Market Value',
    it: 'Valore di mercato; Controvalore',
    es: 'Valor de mercado; Valor efectivo',
    de: 'Marktwert; Kurswert; Marktwert (Basis); Gesamtwert; Wert',
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
    en: 'Quantity; Shares; Nominal; Par Value; Shares Held; Units; Number of Shares; Shares/Par Value; Shares/Par; Shares or Par; Nominal/Par Value; Face Amount; Face Value; Shares/Contracts; Contracts; Units Held; Shares Number; Par; Position; Share Quantity; No. of Shares; Amount; Nominal Amount; Number of Units; Nominal/Shares; Share Count; Par Amount; Principal Amount; Quantity Held',
    it: 'Nominale; Quantità; Azioni; Numero di azioni; Quote; Numero azioni; Numero quote; Valore nominale',
    es: 'Acciones; Nominal; Cantidad; Número de acciones; Títulos; Participaciones',
    de: 'Nominale; Anteile; Stück; Anzahl; Stückzahl; Menge; Aktien; Anzahl Aktien; Anzahl der Aktien; Nominal',
    fr: 'Quantité; Nombre d’actions; Actions; Titres; Nombre de titres; Parts; Nominal; Nombre de parts; Nombre d’actions détenues',
  },
  price: {
    en: 'Price; Market Price; Last Price; Local Price; Closing Price; Share Price',
    it: 'Prezzo; Prezzo di mercato',
    es: 'Precio; Precio de mercado',
    de: 'Kurs; Preis; Marktpreis',
    fr: 'Prix; Cours; Prix de marché; Cours de clôture',
  },
  asOf: {
    en: 'As Of; As Of Date; Asof; Holdings Date; Position Date; Valuation Date; Holdings As Of; Report Date; Date; Business Date; Portfolio Date; Date of Holdings; Pricing Date; Period End; Period End Date; Effective Date',
    it: 'Data; Data di riferimento; Data di valutazione; Data posizioni; Alla data',
    es: 'Fecha; Fecha de valoración; Fecha de posiciones; Fecha de referencia',
    de: 'Datum; Stichtag; Bewertungsdatum; Bestandsdatum; Stand',
    fr: 'Date de valorisation; Date de valeur; Date d’inventaire; Date; Date des positions',
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
