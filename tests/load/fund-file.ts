/**
 * Files in the form in which iShares publishes what its funds hold, of companies that do not exist; and the barest
 * reader of such a file.
 *
 * Contents: fundFile · parseCsv
 */

const SYLLABLES =
  'BRA KEN VIX TOL MAR DES LUN PER SOL TAK WIN NOR GAL HEX FEN DAR MIL ROS CAS BEL ZAN TRI OST HAL QUI LEM SAR VOL NIM ARD'.split(
    ' ',
  );
const TRADES = ['SYSTEMS', 'FOODS', 'ENERGY', 'BANK', 'CHEMICALS', 'RAIL', 'HEALTH', 'MINING', 'TEXTILES'];
const FORMS = ['INC', 'PLC', 'AG', 'CORP', 'SA', 'LTD'];
const SECTORS = [
  'Information Technology',
  'Consumer Staples',
  'Energy',
  'Financials',
  'Materials',
  'Industrials',
  'Health Care',
  'Communication',
  'Utilities',
];
const PLACES = [
  ['United States', 'NASDAQ', 'USD'],
  ['United States', 'New York Stock Exchange Inc.', 'USD'],
  ['United Kingdom', 'London Stock Exchange', 'GBP'],
  ['Japan', 'Tokyo Stock Exchange', 'JPY'],
  ['Germany', 'Xetra', 'EUR'],
  ['France', 'Nyse Euronext - Euronext Paris', 'EUR'],
] as const;
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

const pick = <T>(from: readonly T[], at: number): T => from[at % from.length] as T;

/** Each number has its own four syllables, so that no two companies of all files share a name. */
const nameOf = (company: number): string => {
  let rest = company;
  let word = '';
  for (let place = 0; place < 4; place += 1) {
    word += pick(SYLLABLES, rest + place * 7);
    rest = Math.floor(rest / SYLLABLES.length);
  }
  return `${word} ${pick(TRADES, company)} ${pick(FORMS, company)}`;
};

const tickerOf = (company: number): string => {
  let rest = company + 26 ** 4;
  let ticker = '';
  while (rest > 0) {
    ticker = String.fromCharCode(65 + (rest % 26)) + ticker;
    rest = Math.floor(rest / 26);
  }
  return ticker;
};

const grouped = (whole: number): string => whole.toLocaleString('en-US');

/** What a file is of. */
export type FundFile = {
  readonly name: string;
  readonly asOf: Temporal.PlainDate;
  readonly rows: number;
  /** Number of the first company; files with the same number are of the same companies. */
  readonly firstCompany: number;
};

/** The file's bytes: weights that fall with the row and sum to 100 within rounding, the last row cash. */
export const fundFile = ({ name, asOf, rows, firstCompany }: FundFile): Buffer => {
  const companies = rows - 1;
  const sum = Array.from({ length: companies }, (_, at) => 1 / (at + 20)).reduce((all, one) => all + one, 0);
  const lines = Array.from({ length: companies }, (_, at) => {
    const company = firstCompany + at;
    const weight = 99.7 / ((at + 20) * sum);
    const [country, exchange, currency] = pick(PLACES, company);
    const value = `${grouped(Math.round(weight * 1e7))}.25`;
    const cells = [
      tickerOf(company),
      nameOf(company),
      pick(SECTORS, company),
      'Equity',
      value,
      weight.toFixed(5),
      value,
      `${grouped(Math.round(weight * 1e5))}.00`,
      (100 + (company % 400) + asOf.day / 100).toFixed(2),
      country,
      exchange,
      currency,
      '1.00',
      currency,
      '-',
    ];
    return cells.map((cell) => `"${cell}"`).join(',');
  });
  const cash =
    '"USD","USD CASH","Cash and/or Derivatives","Cash","3,000,000.00","0.30","3,000,000.00","3,000,000.00","100.00","United States","-","USD","1.00","USD","-"';
  const day = `${MONTHS[asOf.month - 1]} ${String(asOf.day).padStart(2, '0')}, ${asOf.year}`;
  const text = [
    `\ufeff${name}`,
    `Fund Holdings as of,"${day}"`,
    'Inception Date,"May 15, 2001"',
    'Shares Outstanding,"1,250,000.00"',
    '\u00a0',
    'Ticker,Name,Sector,Asset Class,Market Value,Weight (%),Notional Value,Quantity,Price,Location,Exchange,Currency,FX Rate,Market Currency,Accrual Date',
    ...lines,
    cash,
    '\u00a0',
    '"Made up for measuring; no such fund exists."',
  ];
  return Buffer.from(`${text.join('\n')}\n`, 'utf8');
};

/** Splits a CSV text into its cells and does nothing else with them. */
export const parseCsv = (bytes: Buffer): string[][] => {
  const text = bytes.toString('utf8');
  const records: string[][] = [];
  let cells: string[] = [];
  let at = 0;
  while (at < text.length) {
    let end: number;
    if (text.charCodeAt(at) === 34) {
      end = text.indexOf('"', at + 1);
      while (text.charCodeAt(end + 1) === 34) end = text.indexOf('"', end + 2);
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 1;
    } else {
      end = at;
      while (end < text.length && text.charCodeAt(end) !== 44 && text.charCodeAt(end) !== 10) end += 1;
      cells.push(text.slice(at, end));
      at = end;
    }
    if (text.charCodeAt(at) === 10) {
      records.push(cells);
      cells = [];
    }
    at += 1;
  }
  return records;
};
