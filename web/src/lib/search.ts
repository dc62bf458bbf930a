/**
 * The state of a view in its address. Every value is text, so that an address reads as it was meant: `?asOf=2024-02-23`.
 */

type Search = Record<string, unknown>;

export const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));

export const writeSearch = (search: Search): string => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === 'string' && value !== '') params.set(name, value);
  }
  const text = params.toString().replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
};

const MOST_TEXT = 2_000;

/** A text parameter, or undefined. */
export const textParam = (search: Search, name: string): string | undefined => {
  const value = search[name];
  return typeof value === 'string' && value !== '' ? value.slice(0, MOST_TEXT) : undefined;
};

const MOST_WORDS = 100;

/** A name or a few words to find, no longer than the server takes. */
export const wordsParam = (search: Search, name: string): string | undefined =>
  textParam(search, name)?.slice(0, MOST_WORDS);

/** One of the given words, or undefined: an address from elsewhere cannot put the page into a state it does not know. */
export const wordParam = <const W extends string>(
  search: Search,
  name: string,
  words: readonly W[],
): W | undefined => words.find((word) => word === search[name]);

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const idParam = (search: Search, name: string): string | undefined => {
  const value = textParam(search, name);
  return value !== undefined && UUID.test(value) ? value : undefined;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const dayParam = (search: Search, name: string): string | undefined => {
  const value = textParam(search, name);
  return value !== undefined && DAY.test(value) && !Number.isNaN(Date.parse(value)) ? value : undefined;
};

/** A calendar year. */
export const yearParam = (search: Search, name: string): string | undefined => {
  const value = textParam(search, name);
  return value !== undefined && /^(?:19|20|21)\d{2}$/.test(value) ? value : undefined;
};

const MONTH = /^(?:19|20|21)\d{2}-(?:0[1-9]|1[0-2])$/;

/** A month of the calendar. */
export const monthParam = (search: Search, name: string): string | undefined => {
  const value = textParam(search, name);
  return value !== undefined && MONTH.test(value) ? value : undefined;
};

const DECIMAL = /^-?\d{1,20}(?:\.\d{1,18})?$/;

/** An exact amount. */
export const decimalParam = (search: Search, name: string): string | undefined => {
  const value = textParam(search, name);
  return value !== undefined && DECIMAL.test(value) ? value : undefined;
};

/** A moment with its zone, as the API writes it. */
export const timeParam = (search: Search, name: string): string | undefined => {
  const value = textParam(search, name);
  return value !== undefined && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
};

/** The parameters that are there; the others may be left out of links. */
export const view = <T extends Search>(values: T): { [K in keyof T]?: T[K] } =>
  // Object.entries loses which key goes with which value; every key here comes from T.
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: T[K];
  };
