import { foldTerm, isBlankTerm, wordIndex } from './fold.ts';

/** What kind of thing a row is, in one vocabulary. Money market funds count as Cash. */
export const ASSET_CLASSES = [
  'Equity',
  'Fixed Income',
  'Cash',
  'FX forward',
  'Future',
  'Option',
  'Swap',
  'Derivative',
  'Fund',
  'Commodity',
  'Real Estate',
  'Crypto',
  'Alternative',
  'Unclassified',
] as const;
export type AssetClass = (typeof ASSET_CLASSES)[number];

/** Issuers' words, as for sectors. */
const WORDS: Readonly<Record<AssetClass, string>> = {
  Equity:
    'Right; Warrant; Equity WRT; Equity Warrant; Dutch Cert; NY Reg Shrs; NY Registered Shares; Savings Share; Savings Shares; Preference; Preferred; Preferred Stocks; Ltd Part; Limited Partnership Units; Royalty Trst; Royalty Trust; Tracking Stk; Azioni privilegiate; Azioni di risparmio; Acciones preferentes; Vorzugsaktie; Actions privilégiées; Foreign Sh.; Foreign Shares; Receipt; Equities; Equity-common; Equity-preferred; Stock; Stocks; Shares; Common Stock; Preferred Stock; Equity Rights; Rights; Warrants; Depositary Receipt; ADR; GDR; Azionario; Azioni; Azione; Renta variable; Acciones; Acción; Aktien; Aktie; Actions; Action; Actions ordinaires; REIT; REITs; Real Estate Investment Trust; American Depository Receipt; American Depositary Receipt; Global Depository Receipt; Global Depositary Receipt; Depositary Receipts; Depository Receipt; Depository Receipts; Ordinary Shares; Ordinary Share; Registered Shares; New York Registered Shares; Limited Partnership; Master Limited Partnership; MLP; Unit; Units; Tracking Stock; Preference Shares; Preference Stock; Preferred Shares; Stapled Securities; Stapled Security; Partly Paid Shares; Equity Other; Diritti; Derechos; Bezugsrechte; Droits; Common Shares; Azioni ordinarie; Stammaktien; Vorzugsaktien; Acciones ordinarias',
  'Fixed Income':
    'Municipal Bond; Municipal Bonds; Treasury Bills; Convertible Bonds; Corporate Bonds; Government Bonds; Treasury Bond; Treasury Note; Sovereign Bond; TBA; Titres de créance; Créances; Renta fija a corto plazo; Titoli di debito; Titoli di Stato; Schuldverschreibungen; Pfandbriefe; Fixed Rate Bond; Floating Rate Note; Notes; Debt Securities; Certificate of Deposits; Mortgage Backed Security; Asset Backed Security; Bond; Bonds; Debt; Loan; Structured note; ABS-mortgage backed security; ABS-asset backed commercial paper; ABS-collateralized bond/debt obligation; ABS-other; Obbligazionario; Obbligazioni; Reddito fisso; Renta fija; Bonos; Obligaciones; Anleihen; Anleihe; Renten; Festverzinsliche Wertpapiere; Obligations; Obligataire; Revenu fixe; Titres à revenu fixe; Convertible; Convertible Bond; Bank Loan; MBS; ABS; Treasury Bill; T-Bill; Corporate Bond; Government Bond; Certificate of Deposit; Commercial Paper; Festverzinsliche; Festverzinslich; Taux fixe',
  Cash: 'Synthetic Cash; Cash Margin; Margin Cash; Initial Margin; Variation Margin; Cash Offset; Cash Component; Net Cash; Collateral; Receivable; Receivables; Payable; Payables; Accounts Receivable; Accounts Payable; Spot; Currency Spot; FX Spot; Repurchase Agreements; Reverse Repurchase Agreement; Reverse Repurchase Agreements; Reverse Repo; Repos; Cash/Receivables/Payables; Garanzie in contanti e margini; Garantía en efectivo y márgenes; Barsicherheiten und Margen; Garanties en espèces et marges; Depositi; Depósitos; Einlagen; Dépôts; Disponibilités; Cash Collateral and Margins; Cash Collateral; Cash & Cash Equivalents; Cash and Cash Equivalents; Cash Equivalent; Cash Equivalents; Currency; Margin; Money Market; Money Market Fund; Short Term Investment; Short-term investment vehicle; Contanti; Liquidità; Mercato monetario; Efectivo; Liquidez; Mercado monetario; Barmittel; Kasse; Liquidität; Liquide Mittel; Geldmarkt; Geldmarktfonds; Liquidités; Espèces; Trésorerie; Marché monétaire; Bargeld; Deposit; Time Deposit; Repo; Repurchase Agreement; Foreign Currency; Money Market Fund, Taxable',
  'FX forward':
    'Currency Contracts; Forward FX; FX Forwards Contracts; Currency Hedge; FX Hedge; Currency Hedges; Deliverable Forward; Non-Deliverable Forward; NDF; Contratti a termine su valute; Divisa a plazo; FX; Forward; Forwards; FX Forwards; Currency Forward; Currency Forwards; Foreign Exchange; Foreign Currency Contract; Forward Contract; Cambi; Divisas; Devisen; Devisentermingeschäft; Devisentermingeschäfte; Change; Change à terme; Changes; FX Forward Contract; Devises',
  Future:
    'Futures; Future Contract; Futures Contract; Futures Contracts; Futuro; Futuros; Contratti futures; Futures Sell; Terminkontrakte; Contrats à terme',
  Option:
    'Equity Option; Index Option; Call Option; Put Option; Equity Options; Index Options; Options; Swaption; Opzioni; Opción; Opciones; Optionen',
  Swap: 'Credit Default Swaps; Total Return Swaps; Interest Rate Swaps; Inflation Swap; Index Swaps; Equity Swap; Equity Swaps; CDS; IRS; TRS; Swaps; Swap contract; Total Return Swap; Index Swap; Credit Default Swap; Interest Rate Swap; Permutas',
  Derivative:
    'Structured Products; Certificate; Certificates; Warrants & Rights; Derivatives; Derivati; Derivados; Derivate; Dérivés; Produits dérivés; Equity Derivatives; Cash and/or Derivatives; Structured; Derivative-commodity; Derivative-credit; Derivative-equity; Derivative-foreign exchange; Derivative-interest rate; Derivatives-other; Other Derivatives',
  Fund: 'Bond Fund; Equity Fund; Mixed Fund; Equity Funds; Bond Funds; Open End Fund; Open-End Fund; Collective Investment Scheme; Collective Investment Schemes; Unit Trusts; Fonds d’investissement; Fondos de inversión; Fondi comuni; Investmentfonds; Zielfonds; SICAV; Affiliated Fund; Funds; ETF; ETFs; ETP; ETPs; Registered fund; Private fund; Exchange Traded Fund; Exchange Traded Funds; Mutual Fund; Mutual Funds; Investment Fund; Investment Company; Fondi; Fondo; Fondos; Fonds; UCITS; OPCVM; OEIC; Unit Trust; Fund of Funds; Closed End Fund; Closed-End Fund; Exchange-Traded Fund; Investment Trust',
  Commodity:
    'Gold; Silver; Platinum; Palladium; Metals; Physical Commodities; Oro; Or physique; Physical Gold; Commodities; Materie prime; Materias primas; Rohstoffe; Rohstoff; Matières premières; Precious Metals; Bullion; Physical Commodity',
  'Real Estate': 'Property; Immobiliare; Inmobiliario; Immobilien; Immobilier',
  Crypto:
    'Digital Currency; Bitcoin; Digital Assets; Digital Asset; Cryptocurrency; Cryptocurrencies; Criptovalute; Criptomonedas',
  Alternative:
    'Infrastructure; Private Equity; Hedge; Hedge Fund; Alternatives; Multi Asset; Multi-Asset; Multiasset; Multi-actifs; Multiactivos; Private Markets; Marchés privés; Alternativi; Alternativos; Alternativen',
  Unclassified: 'Other; Others; Unknown; Altro; Otros; Otro; Sonstige; Andere; Autre; Autres',
};

const INDEX = wordIndex(WORDS);

/** An asset class as published, made canonical; `known` is false for a word that no table has. */
export const assetClassOf = (
  published: string | null,
): { readonly assetClass: AssetClass; readonly known: boolean } => {
  if (published === null || isBlankTerm(published)) return { assetClass: 'Unclassified', known: true };
  const assetClass = INDEX.get(foldTerm(published));
  return assetClass === undefined
    ? { assetClass: 'Unclassified', known: false }
    : { assetClass, known: true };
};

export const isAssetClass = (name: string): name is AssetClass =>
  (ASSET_CLASSES as readonly string[]).includes(name);

const DERIVATIVES: ReadonlySet<string> = new Set(['FX forward', 'Future', 'Option', 'Swap', 'Derivative']);

/** True for contracts whose value hangs on something else. */
export const isDerivativeClass = (assetClass: AssetClass): boolean => DERIVATIVES.has(assetClass);
