import { COUNTRY_TABLE } from './country-table.ts';
import { foldTerm, isBlankTerm } from './fold.ts';

/** How UK investors group countries. The table that puts each country into exactly one stands in country-table.ts. */
export const REGIONS = [
  'US',
  'Canada',
  'UK',
  'Europe',
  'Japan',
  'Asia Pacific',
  'Middle East',
  'Emerging Markets',
  'Other',
] as const;
export type Region = (typeof REGIONS)[number];

export type Country = {
  /** ISO 3166-1 alpha-2; `EU` and `XS` for the two that are no country. */
  readonly code: string;
  readonly alpha3: string;
  /** English short name, the key of every answer. */
  readonly name: string;
  readonly region: Region;
};

const isRegion = (name: string): name is Region => (REGIONS as readonly string[]).includes(name);

const LINE = /^([A-Z]{2}) ([A-Z]{3}) ([^;]+)(?:; (.*))?$/;

const readTable = (): { list: Country[]; byWord: Map<string, Country> } => {
  const list: Country[] = [];
  const byWord = new Map<string, Country>();
  let region: Region = 'Other';
  for (const line of COUNTRY_TABLE.trim().split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading !== undefined) {
      if (!isRegion(heading)) throw new Error(`"${heading}" is not a region`);
      region = heading;
      continue;
    }
    const [, code = '', alpha3 = '', name = '', words = ''] = LINE.exec(line) ?? [];
    const country = { code, alpha3, name, region };
    list.push(country);
    for (const word of [code, alpha3, name, ...words.split('; ')]) {
      const folded = foldTerm(word);
      const before = byWord.get(folded);
      if (before !== undefined && before !== country) {
        throw new Error(`The word "${word}" stands for both ${before.name} and ${name}`);
      }
      if (folded !== '') byWord.set(folded, country);
    }
  }
  return { list, byWord };
};

const { list: LIST, byWord: BY_WORD } = readTable();
const BY_NAME = new Map(LIST.map((country) => [country.name, country]));

/** Every country of the table. */
export const countries = (): readonly Country[] => LIST;

/**
 * A country as published (a name in one of five languages, or an ISO code), made canonical. `name` is "Unclassified"
 * where the issuer gives none; `known` is false for a word that no table has.
 */
export const countryOf = (
  published: string | null,
): { readonly name: string; readonly code: string | null; readonly known: boolean } => {
  if (published === null || isBlankTerm(published) || OTHER_WORDS.has(foldTerm(published))) {
    return { name: 'Unclassified', code: null, known: true };
  }
  const country = BY_WORD.get(foldTerm(published));
  return country === undefined
    ? { name: 'Unclassified', code: null, known: false }
    : { name: country.name, code: country.code, known: true };
};

/** Words for "no particular country". */
const OTHER_WORDS = new Set(
  'other;others;altro;altri;otros;otro;sonstige;andere;autre;autres;unassigned;unknown;global;world;cash'.split(
    ';',
  ),
);

/** The region of a canonical country name; "Unclassified" for anything else. */
export const regionOf = (countryName: string): Region | 'Unclassified' =>
  BY_NAME.get(countryName)?.region ?? 'Unclassified';

/** ISO alpha-2 of a canonical country name, or null. */
export const countryCode = (countryName: string): string | null => BY_NAME.get(countryName)?.code ?? null;

/** Canonical name of an ISO alpha-2 code, or null. */
export const countryByCode = (code: string): string | null =>
  LIST.find((country) => country.code === code)?.name ?? null;
