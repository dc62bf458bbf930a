/**
 * Twelve colours that people with any of the three common colour deficiencies can tell apart in this order; the first
 * eight follow Okabe and Ito, shifted in lightness so that white or black labels stay readable on each.
 */
export const PALETTE = [
  '#2a6f97',
  '#e09f3e',
  '#3a9d7e',
  '#b5527c',
  '#7d9fc4',
  '#8f5d2f',
  '#c9b13a',
  '#5f4b8b',
  '#d9744f',
  '#6b8e5a',
  '#a3a9ad',
  '#2f4858',
] as const;

/** Names that appear on many pages keep one colour each: GICS sectors, regions, a new portfolio's lists, the main currencies. */
const FIXED: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'Information Technology': 0,
    Financials: 1,
    'Health Care': 2,
    'Consumer Discretionary': 3,
    Industrials: 4,
    'Communication Services': 7,
    'Consumer Staples': 6,
    Energy: 5,
    Materials: 8,
    'Real Estate': 9,
    Utilities: 11,
    'Cash and derivatives': 10,
    US: 0,
    Europe: 2,
    UK: 3,
    Japan: 8,
    'Asia Pacific': 4,
    'Emerging Markets': 1,
    Canada: 7,
    Cash: 10,
    Core: 0,
    Satellite: 1,
    'Global Equity': 0,
    'UK Equity': 3,
    Bonds: 7,
    ISA: 2,
    SIPP: 0,
    GIA: 1,
    GBP: 3,
    USD: 0,
    EUR: 2,
    JPY: 8,
  }),
);

/** What no file says anything about, on every picture. */
export const UNCLASSIFIED = '#9aa0a3';

/** FNV-1a, 32 bits: a small spread of names over the palette that never changes. */
const hash = (name: string): number => {
  let value = 0x81_1c_9d_c5;
  for (let at = 0; at < name.length; at += 1) value = Math.imul(value ^ name.charCodeAt(at), 0x01_00_01_93);
  return value >>> 0;
};

type Named = { readonly name: string; readonly rest?: boolean | undefined };

const ownIndex = (name: string): number => FIXED.get(name) ?? hash(name) % PALETTE.length;

/** The first free place of the palette from `own` on; `own` itself when all are taken. */
const freeIndex = (own: number, taken: ReadonlySet<number>): number => {
  for (let step = 0; step < PALETTE.length; step += 1) {
    const index = (own + step) % PALETTE.length;
    if (!taken.has(index)) return index;
  }
  return own;
};

/**
 * Colours for the names of one list. Each name has a colour of its own, the same on every page and in every session;
 * only where two of the list share one does the later take the next that the list does not use. Several names together,
 * and what nothing is known about, have the neutral one.
 */
export const coloursOf = (list: readonly Named[]): ((item: Named) => string) => {
  const names = list.flatMap(({ name, rest }) => (rest === true || name === 'Unclassified' ? [] : [name]));
  const indexes = new Map<string, number>();
  const taken = new Set<number>();
  for (const name of [...names.filter((one) => FIXED.has(one)), ...names.filter((one) => !FIXED.has(one))]) {
    if (indexes.has(name)) continue;
    const index = freeIndex(ownIndex(name), taken);
    indexes.set(name, index);
    taken.add(index);
  }
  return ({ name, rest }) => {
    const index = rest === true ? undefined : indexes.get(name);
    return index === undefined ? UNCLASSIFIED : (PALETTE[index] ?? UNCLASSIFIED);
  };
};

const channel = (hex: string, at: number): number => {
  const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
};

/** Relative luminance as in WCAG 2. */
export const luminance = (hex: string): number =>
  0.2126 * channel(hex, 1) + 0.7152 * channel(hex, 3) + 0.0722 * channel(hex, 5);

/** Contrast ratio of two colours, 1 to 21. */
export const contrast = (one: string, other: string): number => {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
};

/**
 * From none to all: the deeper the colour, the larger the share. One ink is readable on every shade between the two
 * ends, so neither end may reach the other side's lightness.
 */
export const HEAT = {
  light: { none: '#f1f5f5', all: '#469099', ink: '#101416' },
  dark: { none: '#1a2429', all: '#1f7883', ink: '#ffffff' },
} as const;

const byte = (value: number): string => Math.round(value).toString(16).padStart(2, '0');

/** `hex` with a share (0 to 1) of another colour in it. */
export const mixed = (hex: string, other: string, share: number): string => {
  const part = (colour: string, at: number): number => Number.parseInt(colour.slice(at, at + 2), 16);
  return `#${[1, 3, 5].map((at) => byte(part(hex, at) * (1 - share) + part(other, at) * share)).join('')}`;
};

/** Black or white, whichever is easier to read on `hex`. */
export const inkOn = (hex: string): string =>
  contrast(hex, '#ffffff') >= contrast(hex, '#101416') ? '#ffffff' : '#101416';
