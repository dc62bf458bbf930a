/**
 * Which fund a file of constituents belongs to, judged by what is in it: the fund it names, what the fund held before,
 * and whether its countries fit the fund's name. A file name counts as a hint. Nothing is decided here: a person sees
 * the likeliest fund with its reasons and can choose another.
 */
import { foldTerm } from './terms/index.ts';

/** What of a file speaks for a fund. */
export type FileTraits = {
  readonly fundName: string | null;
  readonly fileName: string | null;
  readonly rows: number;
  /** Per cent by canonical country name. */
  readonly byCountry: Readonly<Record<string, number>>;
};

/** A fund that the file may be of. */
export type FundTraits = {
  readonly instrumentId: string;
  readonly name: string;
  readonly ticker: string | null;
  readonly isin: string | null;
  /** Part of the file's heaviest rows that the fund held at its last import, 0 to 1; null without an import. */
  readonly heldBefore: number | null;
};

export type Assignment = { readonly instrumentId: string; readonly score: number; readonly why: string };

type Reason = { readonly score: number; readonly why: string };

const words = (text: string): string[] =>
  foldTerm(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !EVERYDAY.has(word));

/** Words that every fund's name may have and that tell none apart. */
const EVERYDAY = new Set(
  'etf ucits fund plc acc dist accumulating distributing usd gbp eur index the of and trust class shares a'.split(
    ' ',
  ),
);

const byNameInFile = (file: FileTraits, fund: FundTraits): Reason | null => {
  if (file.fundName === null) return null;
  const mine = new Set(words(file.fundName));
  const theirs = new Set(words(fund.name));
  const common = [...mine].filter((word) => theirs.has(word)).length;
  const all = new Set([...mine, ...theirs]).size;
  if (common === 0 || all === 0) return { score: -0.4, why: `the file names “${file.fundName}”` };
  return { score: common === all ? 1 : (0.8 * common) / all, why: `the file names “${file.fundName}”` };
};

const byFileName = (file: FileTraits, fund: FundTraits): Reason | null => {
  if (file.fileName === null) return null;
  const parts = new Set(file.fileName.toUpperCase().split(/[^A-Z0-9]+/));
  if (fund.isin !== null && parts.has(fund.isin)) {
    return { score: 0.7, why: `the file’s name has ${fund.isin}` };
  }
  if (fund.ticker !== null && parts.has(fund.ticker.toUpperCase())) {
    return { score: 0.5, why: `the file’s name has ${fund.ticker}` };
  }
  return null;
};

const byHeldBefore = ({ heldBefore }: FundTraits): Reason | null => {
  if (heldBefore === null) return null;
  const percent = Math.round(heldBefore * 100);
  return {
    score: heldBefore < 0.3 ? -0.3 : 0.8 * heldBefore,
    why: `${percent} % of its largest holdings were there before`,
  };
};

type Market = {
  readonly words: RegExp;
  readonly what: string;
  readonly fits: (share: (countries: readonly string[]) => number) => boolean;
};

const EMERGING = [
  'China',
  'India',
  'Taiwan',
  'South Korea',
  'Brazil',
  'Saudi Arabia',
  'South Africa',
  'Mexico',
];
const EUROPE = ['France', 'Germany', 'Switzerland', 'Netherlands', 'Spain', 'Italy', 'Sweden', 'Denmark'];

/** What a market's word in a fund's name lets one expect of its countries. The first that fits the name decides. */
const MARKETS: readonly Market[] = [
  { words: /\b(emerging|em)\b/, what: 'emerging markets', fits: (share) => share(EMERGING) > 50 },
  {
    words: /\b(s p 500|us|usa|america|nasdaq|russell)\b/,
    what: 'the United States',
    fits: (share) => share(['United States']) > 90,
  },
  {
    words: /\b(uk|ftse 100|ftse 250|united kingdom|british)\b/,
    what: 'the United Kingdom',
    fits: (share) => share(['United Kingdom']) > 75,
  },
  { words: /\b(japan|nikkei|topix)\b/, what: 'Japan', fits: (share) => share(['Japan']) > 85 },
  {
    words: /\b(europe|euro|stoxx|emu)\b/,
    what: 'Europe',
    fits: (share) => share([...EUROPE, 'United Kingdom']) > 60,
  },
  {
    words: /\b(world|global|all world|developed|acwi|international)\b/,
    what: 'the world',
    fits: (share) => share(['United States']) > 40 && share(['United States']) < 85,
  },
];

const byCountries = (file: FileTraits, fund: FundTraits): Reason | null => {
  const name = foldTerm(fund.name);
  const market = MARKETS.find((one) => one.words.test(name));
  if (market === undefined) return null;
  const share = (countries: readonly string[]): number =>
    countries.reduce((sum, country) => sum + (file.byCountry[country] ?? 0), 0);
  return market.fits(share)
    ? { score: 0.4, why: `its countries are those of ${market.what}` }
    : { score: -0.6, why: `its countries are not those of ${market.what}` };
};

/** From this score on, and this far before the next, a file is put to a fund without asking. */
const SURE_SCORE = 0.35;
const SURE_LEAD = 0.2;

/** The funds that a file may be of, the likeliest first; scores between 0 and 1. Unlikely ones are left out. */
export const assignFile = (file: FileTraits, funds: readonly FundTraits[]): Assignment[] =>
  funds
    .map((fund) => {
      const reasons = [
        byNameInFile(file, fund),
        byFileName(file, fund),
        byHeldBefore(fund),
        byCountries(file, fund),
      ].filter((reason) => reason !== null);
      const score = Math.max(
        0,
        Math.min(
          1,
          reasons.reduce((sum, reason) => sum + reason.score, 0),
        ),
      );
      const why = reasons.filter((reason) => reason.score > 0).map((reason) => reason.why);
      return { instrumentId: fund.instrumentId, score: Math.round(score * 100) / 100, why: why.join('; ') };
    })
    .filter((one) => one.score > 0)
    .toSorted((a, b) => b.score - a.score || (a.instrumentId < b.instrumentId ? -1 : 1));

/** The fund that the contents speak for clearly, or null where a person has to say it. */
export const sureAssignment = ([first, second]: readonly Assignment[]): Assignment | null =>
  first !== undefined && first.score >= SURE_SCORE && first.score - (second?.score ?? 0) >= SURE_LEAD
    ? first
    : null;
