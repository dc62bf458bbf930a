/** Tables as CSV, safe to open in a spreadsheet: for the server's exports and the web's. */

/** What makes a spreadsheet run a cell as a formula, full-width forms included. */
const FORMULA = /^\s*[=+\-@|\t\r\n＝＋－＠]/;
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/;

/**
 * One CSV cell (RFC 4180). Text that a spreadsheet would take for a formula gets an apostrophe in front; plain negative
 * numbers stay numbers.
 */
export const csvCell = (value: string): string => {
  const safe = FORMULA.test(value) && !PLAIN_NUMBER.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A CSV document with a byte-order mark, so that spreadsheets read it as UTF-8. */
export const csvDocument = (rows: readonly (readonly string[])[]): string =>
  `\uFEFF${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
