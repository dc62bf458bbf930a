/**
 * What the page shows, as its address says it: divided by what, drawn how, looked into where.
 *
 * Contents: DIMENSIONS · Search · readView · drillInto · upTo
 */
export const DIMENSIONS = ['region', 'country', 'sector', 'industry', 'currency', 'assetClass'] as const;
/** A word that everything held counts under. */
export type Dimension = (typeof DIMENSIONS)[number];

export const DIVISIONS = [
  'company',
  'issuer',
  'sector',
  'industry',
  'country',
  'region',
  'currency',
  'assetClass',
] as const;
export type Division = (typeof DIVISIONS)[number];

export const PICTURES = ['bars', 'treemap', 'sunburst', 'map'] as const;
export type Picture = (typeof PICTURES)[number];

/** One step down: only what counts under this word. */
export type Filter = { readonly dimension: Dimension; readonly word: string };

type Words = { readonly [D in Dimension]?: string | undefined };
/** The part of the address that decides what is drawn. */
export type Search = Words & {
  readonly by?: Division | undefined;
  readonly inner?: Division | undefined;
  readonly picture?: Picture | undefined;
};

export type View = {
  /** Steps taken so far, outermost first. */
  readonly filters: readonly Filter[];
  readonly by: Division;
  /** The second ring of nested pictures. */
  readonly inner: Division;
  readonly picture: Picture;
  /** What may be chosen here. */
  readonly divisions: readonly Division[];
  readonly seconds: readonly Division[];
  readonly pictures: readonly Picture[];
};

/** Where a step down leads when nothing else is asked for. */
const NEXT: Readonly<Record<Dimension, Division>> = {
  region: 'country',
  country: 'sector',
  sector: 'company',
  industry: 'company',
  currency: 'country',
  assetClass: 'sector',
};
/** The server crosses two words at a time: two steps down, only companies are left. */
const MOST_FILTERS = 2;

export const filtersOf = (search: Words): Filter[] =>
  DIMENSIONS.flatMap((dimension) => {
    const word = search[dimension];
    return word === undefined ? [] : [{ dimension, word }];
  });

const divisionsFor = (filters: readonly Filter[]): Division[] => {
  if (filters.length === 0) return [...DIVISIONS];
  if (filters.length >= MOST_FILTERS) return ['company'];
  return DIVISIONS.filter((one) => one !== 'issuer' && filters.every(({ dimension }) => dimension !== one));
};

const byDefault = (filters: readonly Filter[]): Division => {
  const [only] = filters;
  return only === undefined || filters.length >= MOST_FILTERS ? 'company' : NEXT[only.dimension];
};

/** The division that holds the other: companies stand inside sectors, or countries where a sector is looked into. */
const outerFor = (by: Division, filters: readonly Filter[]): Division => {
  if (by !== 'company') return by;
  return filters.some(({ dimension }) => dimension === 'sector') ? 'country' : 'sector';
};

const secondsFor = (by: Division, filters: readonly Filter[]): Division[] => {
  if (by === 'issuer' || by === 'company' || filters.length > 0) return ['company'];
  return ['company', ...DIMENSIONS.filter((one) => one !== by)];
};

const picturesFor = (by: Division, filters: readonly Filter[]): Picture[] => {
  const noMap = filters.length >= MOST_FILTERS || filters.some(({ dimension }) => dimension === 'country');
  return PICTURES.filter((one) => one !== 'map' || !noMap);
};

const among = <T>(wanted: T | undefined, offered: readonly T[], otherwise: T): T =>
  wanted !== undefined && offered.includes(wanted) ? wanted : otherwise;

/** Reads an address; what does not go together becomes what is nearest to it. */
export const readView = (search: Search): View & { readonly outer: Division } => {
  const filters = filtersOf(search);
  const divisions = divisionsFor(filters);
  const pictures = picturesFor(search.by ?? 'company', filters);
  const wantsMap = search.picture === 'map' && pictures.includes('map');
  const asked = among(search.by, divisions, byDefault(filters));
  const by = wantsMap && divisions.includes('country') ? 'country' : asked;
  const seconds = secondsFor(by, filters);
  const nestedFirst: Division = by === 'region' ? 'country' : 'company';
  return {
    filters,
    by,
    outer: outerFor(by, filters),
    inner: among(search.inner, seconds, among(nestedFirst, seconds, 'company')),
    picture: among(search.picture, pictures, by === 'company' ? 'treemap' : 'bars'),
    divisions,
    seconds,
    pictures,
  };
};

/** The change of the address that looks into words. What was divided, searched or opened before does not carry over. */
export const drillInto = (steps: readonly Filter[]): Search & { q: undefined; company: undefined } => ({
  ...Object.fromEntries(steps.map(({ dimension, word }) => [dimension, word])),
  by: undefined,
  inner: undefined,
  q: undefined,
  company: undefined,
});

/** The change of the address that leaves only these steps. */
export const upTo = (steps: readonly Filter[]): Search & { q: undefined; company: undefined } => ({
  ...Object.fromEntries(DIMENSIONS.map((dimension) => [dimension, undefined])),
  ...drillInto(steps),
});

/** True where one word says all about the other: a country lies in one region. */
export const isWithin = (inner: Division, outer: Division): boolean =>
  inner === 'country' && outer === 'region';
