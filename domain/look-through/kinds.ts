import type { Attributes } from './graph.ts';

/** Securities, and funds that their holder counts as shares. Money, contracts and funds as such are no companies. */
export const isCompany = ({ kind, assetClass }: Attributes): boolean =>
  kind === 'security' || (kind === 'fund' && assetClass === 'Equity');

/** Shares, and securities whose issuer does not say what they are. Cash, contracts and bonds are none. */
export const isEquity = (one: Attributes): boolean =>
  (one.kind === 'security' || one.kind === 'fund') &&
  (one.assetClass === 'Equity' ||
    one.assetClass === 'Fund' ||
    one.assetClass === null ||
    one.assetClass === 'Unclassified');

/** What a set of attributes counts as, as bits. */
export const COMPANY = 1;
export const EQUITY = 2;

export const kindsOf = (one: Attributes): number =>
  (isCompany(one) ? COMPANY : 0) | (isEquity(one) ? EQUITY : 0);
