import { companiesIn, type HeldCompany } from './companies.ts';
import type { Issuer } from './identity/index.ts';
import { forEachLeaf, isCompany, isEquity, largerFirst, type LookedThrough } from './looked-through.ts';

/** The issuer of each security, by the security's id; one that is not in it is its own. */
export type IssuerOf = ReadonlyMap<string, Issuer>;

/** All that is held of one issuer, in all its securities. */
export type IssuerExposure = {
  readonly issuerId: string;
  readonly name: string;
  readonly pct: number;
  /** Its securities, the largest first. */
  readonly companies: ReadonlyArray<Pick<HeldCompany, 'instrumentId' | 'name' | 'pct'>>;
};

/** Issuers, largest first: their shares and bonds added up. */
export const issuersIn = (looked: LookedThrough, issuerOf: IssuerOf): readonly IssuerExposure[] => {
  const groups = Map.groupBy(
    companiesIn(looked).companies,
    ({ instrumentId }) => issuerOf.get(instrumentId)?.issuerId ?? instrumentId,
  );
  return [...groups]
    .map(([issuerId, companies]) => ({
      issuerId,
      name: issuerOf.get(companies[0]?.instrumentId ?? '')?.name ?? companies[0]?.name ?? '',
      pct: companies.reduce((sum, one) => sum + one.pct, 0),
      companies: companies.map(({ instrumentId, name, pct }) => ({ instrumentId, name, pct })),
    }))
    .toSorted((a, b) => largerFirst(a.pct, b.pct) || (a.issuerId < b.issuerId ? -1 : 1));
};

/** Per cent of the whole in each company's shares, by its id. Funds as such are no companies. */
export const equityByCompany = ({ closures, parts }: LookedThrough): ReadonlyMap<string, number> => {
  const { attributes, instrumentIds } = closures.numbering;
  const counts = attributes.map((one) => isCompany(one) && isEquity(one));
  const sums = new Map<number, number>();
  forEachLeaf(parts, (instrument, attribute, pct) => {
    if (counts[attribute] === true) sums.set(instrument, (sums.get(instrument) ?? 0) + pct);
  });
  return new Map([...sums].map(([instrument, pct]) => [instrumentIds[instrument] ?? '', pct]));
};

/** The same by issuer. A short position in one class lessens the other. */
export const equityByIssuer = (looked: LookedThrough, issuerOf: IssuerOf): ReadonlyMap<string, number> => {
  const sums = new Map<string, number>();
  for (const [instrumentId, pct] of equityByCompany(looked)) {
    const issuerId = issuerOf.get(instrumentId)?.issuerId ?? instrumentId;
    sums.set(issuerId, (sums.get(issuerId) ?? 0) + pct);
  }
  return sums;
};
