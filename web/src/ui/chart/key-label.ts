/** Keys of an overlap are tickers, or ids where a fund has none: an id is longer than any ticker. */
const LONGEST_TICKER = 20;

/** What to write for a key: the ticker, or the name where the key is an id. */
export const keyLabel = (key: string, nameOf: (key: string) => string): string =>
  key.length > LONGEST_TICKER ? nameOf(key) : key;
