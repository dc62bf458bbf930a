import { fxPairOf } from '../identity/index.ts';
import type { RowKind } from '../published/index.ts';
import { currencyOf, foldTerm, isDerivativeClass, type AssetClass, type Sector } from '../terms/index.ts';

/**
 * Names by which exchange-traded funds are known whatever the issuer calls their asset class. "FUND" alone is not
 * among them: listed property and infrastructure companies carry it.
 */
const FUND_NAME =
  /\b(?:UCITS|ETFS?|ETCS?|SICAV|OEIC)\b|^(?:ISHARES|ISHRS|SPDR|XTRACKERS|X-TRACKERS|WISDOMTREE .* FUND)\b/i;

const MONEY_MARKET = new Set(
  [
    'Money Market',
    'Money Market Fund',
    'Money Market Fund, Taxable',
    'Short-term investment vehicle',
    'Mercato monetario',
    'Mercado monetario',
    'Geldmarkt',
    'Geldmarktfonds',
    'Marché monétaire',
  ].map((word) => foldTerm(word)),
);

const CASH_NAME = /^(?:[A-Z]{3} )?CASH(?:\b|$)(?! ?(?:CONVERTERS|FLOW|AMERICA))|^CASH (?:AND|&|COLLATERAL)/i;

/** What issuers call the money that is left over, folded. */
const CASH_NAMES = new Set(
  `other assets;other assets and liabilities;other assets less liabilities;other assets liabilities;net other assets;
   net other assets cash;net other assets and liabilities;other net assets;net current assets;net cash;other cash;
   cash other;liquidity;net liquidity;receivables payables;payables receivables;net receivables payables;
   unsettled trades;accrued income;short term investments;efectivo;efectivo y otros;otros efectivo;liquidez;contanti;
   liquidita;liquidita e altro;altro liquidita;barmittel;sonstiges barmittel;bargeld;barvermogen;liquide mittel;
   liquiditat;kasse;liquidites;autres liquidites;tresorerie;especes;disponibilites`
    .split(';')
    .map((name) => name.trim()),
);

/** True for the name of money: "USD CASH", "Cash", "Net other assets". */
export const isCashName = (name: string): boolean =>
  CASH_NAME.test(name) || (name.length < 40 && CASH_NAMES.has(foldTerm(name)));

/** Names of the funds in which issuers park money, which some files list without an asset class. */
const MONEY_MARKET_NAME =
  /\b(?:MONEY (?:MARKET|MKT)|LIQUIDITY FUND|LIQUID RESERVES|CSH FND|GOVT? MMKT|TREASURY OBLIGATIONS? (?:FUND|PORTFOLIO))\b/i;

type Row = {
  readonly assetClass: AssetClass;
  readonly published: string | null;
  readonly sector: Sector;
  readonly name: string;
  readonly ticker: string | null;
  /** It has a day of maturity. */
  readonly matures: boolean;
};

/** True for a row that is money by its name: "USD CASH", "Cash", "US DOLLAR" with ticker "-" or "USD". */
const isCashByName = ({ name, ticker }: Row): boolean => {
  if (isCashName(name)) return true;
  const inCash = / cash$/i.test(name) ? name.slice(0, -' cash'.length) : null;
  if (currencyOf(inCash).currency !== null) return true;
  const code = currencyOf(name).currency;
  return code !== null && (ticker === null || currencyOf(ticker).currency === code);
};

/**
 * What a row is. The issuer's asset class decides; where it gives none, the name does. An exchange-traded fund that
 * its holder marks as equity is a fund all the same, and keeps its asset class: that is what it holds.
 */
export const classify = (row: Row): { readonly kind: RowKind; readonly assetClass: AssetClass } => {
  const { assetClass, published, sector, name } = row;
  if (isDerivativeClass(assetClass)) return { kind: 'derivative', assetClass };
  if (assetClass === 'Cash') {
    const fund = published !== null && MONEY_MARKET.has(foldTerm(published));
    return { kind: fund ? 'fund' : 'cash', assetClass };
  }
  if (assetClass === 'Fund') return { kind: 'fund', assetClass };
  if (assetClass === 'Unclassified') {
    if (fxPairOf(name) !== null) return { kind: 'derivative', assetClass: 'FX forward' };
    if (isCashByName(row)) return { kind: 'cash', assetClass: 'Cash' };
    if (MONEY_MARKET_NAME.test(name)) return { kind: 'fund', assetClass: 'Cash' };
    if (FUND_NAME.test(name)) return { kind: 'fund', assetClass: 'Fund' };
    if (sector === 'Cash and derivatives') return { kind: 'derivative', assetClass: 'Derivative' };
    return { kind: 'security', assetClass: row.matures ? 'Fixed Income' : assetClass };
  }
  return { kind: FUND_NAME.test(name) ? 'fund' : 'security', assetClass };
};
