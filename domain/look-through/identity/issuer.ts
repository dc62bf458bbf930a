/**
 * Who issued a security. Share classes (Alphabet A and C) are securities of their own and count as one issuer.
 *
 * Nothing about issuers is decided once and for all: each security carries the keys that speak for its issuer, and
 * securities that share a key belong together. So it does not matter which file came first, and a key that is learned
 * late joins what was apart. Contents: issuerKeys · groupByIssuer
 */
import { cusipFromIsin, validCusip, validLei } from './identifiers.ts';
import { issuerWords } from './names.ts';

/** What is known of a security that tells its issuer. */
export type IssuerTraits = {
  readonly name: string;
  /** Canonical country name, or null. */
  readonly country: string | null;
  readonly isin?: string | null;
  readonly cusip?: string | null;
  readonly lei?: string | null;
};

/** The CUSIP Global Services leave these numbers to users, so two firms may mean two issuers by one of them. */
const isPrivateCusip = (issuer: string): boolean => issuer.startsWith('99') || /^.{3}99/.test(issuer);

/** The first six characters of a CUSIP, which stand for its issuer. Source: ANSI X9.6. */
const cusipIssuer = (cusip: string | null): string | null => {
  const issuer = cusip === null ? null : (validCusip(cusip)?.slice(0, 6) ?? null);
  return issuer === null || isPrivateCusip(issuer) ? null : issuer;
};

/**
 * The keys that speak for a security's issuer, sorted: its legal entity identifier; the issuer's part of its CUSIP, also
 * of the one in a US or Canadian ISIN; and its name without legal form and share class, in its country. A fund, cash or
 * a contract has no issuer in this sense: the caller leaves those out.
 */
export const issuerKeys = (security: IssuerTraits): readonly string[] => {
  const { name, country, isin = null, cusip = null, lei = null } = security;
  const keys: string[] = [];
  const entity = lei === null ? null : validLei(lei);
  if (entity !== null) keys.push(`lei ${entity}`);
  for (const number of [cusip, isin === null ? null : cusipFromIsin(isin)]) {
    const issuer = cusipIssuer(number);
    if (issuer !== null && !keys.includes(`cusip ${issuer}`)) keys.push(`cusip ${issuer}`);
  }
  const words = issuerWords(name);
  // Without a country one name is too often two companies.
  if (country !== null && country !== 'Unclassified' && words.length > 0) {
    keys.push(`name ${words.join(' ')} | ${country}`);
  }
  return keys.toSorted();
};

/** A security as `groupByIssuer` needs it; `issuerKeys` as stored with it, empty where there are none. */
export type IssuedSecurity = {
  readonly instrumentId: string;
  readonly name: string;
  readonly issuerKeys: readonly string[];
};

/** An issuer, as far as the given securities show it. */
export type Issuer = {
  /** The id of its security with the smallest id: of UUIDs in order of time, the one that was known first. */
  readonly issuerId: string;
  /** What the names of its securities begin with in common. */
  readonly name: string;
  readonly instrumentIds: readonly string[];
};

/** Words at the end of a common beginning that announce a share class which is no longer there. */
const DANGLING = /^(?:CLASS|CL|CLA|SERIES|SER|NON|NON-VOTING|PREF|PFD|SHARES|SHS|[-–(,/.&]+)$/i;

const wordsOf = (name: string): string[] => name.trim().split(/\s+/);
const plain = (word: string): string => word.toUpperCase().replace(/[^\p{L}\p{N}&]+/gu, '');

const commonName = (names: readonly string[]): string => {
  const [first = '', ...others] = names.toSorted(
    (a, b) => a.length - b.length || (a < b ? -1 : Number(a > b)),
  );
  if (others.length === 0) return first;
  const rest = others.map((name) => wordsOf(name).map(plain));
  const words = wordsOf(first);
  const differs = words.findIndex((word, at) => rest.some((other) => other[at] !== plain(word)));
  const common = differs < 0 ? words : words.slice(0, differs);
  while (common.length > 1 && DANGLING.test(common.at(-1) ?? '')) common.pop();
  const shared = common.join(' ').replace(/[\s,(–-]+$/u, '');
  // SHANDONG GOLD MINING and SHANDONG GOLD-MINING begin alike for one word only.
  return issuerWords(shared).join(' ') === issuerWords(first).join(' ') ? shared : first;
};

/**
 * Groups securities by issuer: those that share a key, directly or through others. A security without keys is its own
 * issuer. The result does not depend on the order of the securities.
 * @returns the issuer of each security, by its id
 */
export const groupByIssuer = (securities: Iterable<IssuedSecurity>): ReadonlyMap<string, Issuer> => {
  const sorted = [...securities].toSorted((a, b) => (a.instrumentId < b.instrumentId ? -1 : 1));
  const parent = sorted.map((_, at) => at);
  const rootOf = (at: number): number => {
    let root = at;
    while (parent[root] !== root) root = parent[root] ?? root;
    parent[at] = root;
    return root;
  };
  const holderOf = new Map<string, number>();
  for (const [at, security] of sorted.entries()) {
    for (const key of security.issuerKeys) {
      const holder = holderOf.get(key);
      if (holder === undefined) {
        holderOf.set(key, at);
        continue;
      }
      const [a, b] = [rootOf(holder), rootOf(at)];
      // The smaller index stays the root, so that the root is the group's smallest id.
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const groups = new Map<number, IssuedSecurity[]>();
  for (const [at, security] of sorted.entries()) {
    const root = rootOf(at);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [security]);
    else group.push(security);
  }
  const issuers = new Map<string, Issuer>();
  for (const group of groups.values()) {
    const issuer = {
      issuerId: group[0]?.instrumentId ?? '',
      name: commonName(group.map((one) => one.name)),
      instrumentIds: group.map((one) => one.instrumentId),
    };
    for (const { instrumentId } of group) issuers.set(instrumentId, issuer);
  }
  return issuers;
};
