import { companiesIn, type HeldCompany } from './companies.ts';
import { companySums } from './company-sums.ts';
import type { Issuer } from './identity/index.ts';
import type { LookedThrough } from './looked-through.ts';
import { largerFirst } from './shares.ts';

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

/** Per cent of the whole in the shares of each issuer, by its id. A short position in one class lessens the other. */
export const equityByIssuer = (looked: LookedThrough, issuerOf: IssuerOf): ReadonlyMap<string, number> => {
  const { instrumentIds } = looked.closures.numbering;
  const { instrument, sharesPct } = companySums(looked);
  const sums = new Map<string, number>();
  for (const [i, number] of instrument.entries()) {
    const instrumentId = instrumentIds[number] ?? '';
    const issuerId = issuerOf.get(instrumentId)?.issuerId ?? instrumentId;
    sums.set(issuerId, (sums.get(issuerId) ?? 0) + (sharesPct[i] ?? 0));
  }
  return sums;
};
