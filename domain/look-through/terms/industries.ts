import { foldTerm } from './fold.ts';
import { INDUSTRY_TABLE } from './industry-table.ts';
import type { Sector } from './sector-names.ts';

export type Industry = {
  /** An industry of the Global Industry Classification Standard, or a group of several. */
  readonly industry: string;
  readonly sector: Sector;
};

/** Issuers write "&" or "and". */
const foldIndustry = (word: string): string => foldTerm(word).replace(/ and /g, ' ');

const readTable = (): {
  readonly index: ReadonlyMap<string, Industry>;
  readonly list: readonly Industry[];
} => {
  const index = new Map<string, Industry>();
  const list: Industry[] = [];
  let sector: Sector = 'Unclassified';
  for (const line of INDUSTRY_TABLE.trim().split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading !== undefined) {
      sector = heading as Sector;
      continue;
    }
    const words = line.replace(/^\* /, '').split(/: |; | = /);
    const one = { industry: words[0] ?? '', sector };
    list.push(one);
    for (const word of words) {
      const folded = foldIndustry(word);
      const before = index.get(folded);
      if (before !== undefined) {
        throw new Error(`The industry "${word}" stands for both ${before.industry} and ${one.industry}`);
      }
      index.set(folded, one);
    }
  }
  return { index, list };
};

const { index: INDEX, list: LIST } = readTable();

/**
 * The industry of an issuer's word, with its sector: a sub-industry counts as its industry, so that what one issuer
 * calls "Systems Software" and another "Software" adds up. Null for a word that the table does not have.
 */
export const industryOf = (published: string | null): Industry | null =>
  published === null ? null : (INDEX.get(foldIndustry(published)) ?? null);

/** Every industry of the table, and every group of several. */
export const industries = (): readonly Industry[] => LIST;
