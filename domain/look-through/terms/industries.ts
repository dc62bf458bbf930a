import { foldTerm } from './fold.ts';
import { INDUSTRY_TABLE } from './industry-table.ts';
import type { Sector } from './sector-names.ts';

export type Industry = {
  /** The name in the Global Industry Classification Standard, at whatever level the issuer names it. */
  readonly industry: string;
  readonly sector: Sector;
};

/** Issuers write "&" or "and". */
const foldIndustry = (word: string): string => foldTerm(word).replace(/ and /g, ' ');

const readTable = (): ReadonlyMap<string, Industry> => {
  const index = new Map<string, Industry>();
  let sector: Sector = 'Unclassified';
  for (const line of INDUSTRY_TABLE.trim().split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading !== undefined) {
      sector = heading as Sector;
      continue;
    }
    for (const entry of line.split('; ')) {
      const [industry = '', ...spellings] = entry.split(' = ');
      for (const word of [industry, ...spellings]) {
        const folded = foldIndustry(word);
        const before = index.get(folded);
        if (before !== undefined && before.industry !== industry) {
          throw new Error(`The industry "${word}" stands for both ${before.industry} and ${industry}`);
        }
        index.set(folded, { industry, sector });
      }
    }
  }
  return index;
};

const INDEX = readTable();

/** An industry as published, with its sector; null for a word that the table does not have. */
export const industryOf = (published: string | null): Industry | null =>
  published === null ? null : (INDEX.get(foldIndustry(published)) ?? null);

/** Every industry of the table. */
export const industries = (): readonly Industry[] => [...new Set(INDEX.values())];
