/**
 * Figures and dates as people read them. Money, prices and quantities come as decimal strings and go to Intl as strings:
 * a number would lose digits after the fifteenth.
 */

export type FormatPreferences = { readonly locale: string; readonly timeZone: string };

export const MINUS = '−';
/** Quantities keep up to ten places. */
export const QUANTITY_PLACES = 10;
/** Prices show at least two places and up to this many. */
const PRICE_PLACES = 6;

type Decimalish = string | number;

const PLAIN = /^-?\d+(?:\.\d+)?$/;

/** Intl reads decimal strings exactly; its type only knows literals. */
const literal = (value: Decimalish): Intl.StringNumericLiteral | number => {
  if (typeof value === 'number') return value;
  if (!PLAIN.test(value)) throw new RangeError(`"${value.slice(0, 40)}" is not a decimal number`);
  return value as Intl.StringNumericLiteral;
};

const numberFormats = new Map<string, Intl.NumberFormat>();

const numberFormat = (locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = numberFormats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, { roundingMode: 'halfEven', ...options });
  numberFormats.set(key, made);
  return made;
};

const write = (format: Intl.NumberFormat, value: Decimalish): string => {
  const text = format.format(literal(value));
  return text.includes('-') ? text.replace('-', MINUS) : text;
};

const signs = (signed: boolean | undefined): Intl.NumberFormatOptions => ({
  signDisplay: signed === true ? 'exceptZero' : 'negative',
});

const usableLocale = (locale: string): string => {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en-GB';
  } catch {
    return 'en-GB';
  }
};

const usableTimeZone = (timeZone: string): string => {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
};

/** Minor-unit digits of a currency: JPY 0, GBP 2, KWD 3; 2 for a code that Intl does not know. */
export const currencyDigits = (currency: string): number => {
  if (!/^[A-Z]{3}$/.test(currency)) return 2;
  return numberFormat('en-GB', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
};

const AGO_STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

const agoOf = (locale: string, seconds: number): string => {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, size] of AGO_STEPS) {
    if (Math.abs(seconds) >= size) return relative.format(-Math.floor(seconds / size), unit);
  }
  return relative.format(0, 'second');
};

/** The writers of figures for one person's locale and time zone. */
export const makeFormat = (preferences: FormatPreferences) => {
  const locale = usableLocale(preferences.locale);
  const timeZone = usableTimeZone(preferences.timeZone);
  const number = (value: Decimalish, options: Intl.NumberFormatOptions): string =>
    write(numberFormat(locale, options), value);
  const dayFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const timeFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  const zonedDay = new Intl.DateTimeFormat('sv-SE', { timeZone });

  return {
    locale,
    timeZone,
    /** An amount with its currency: £1,234.50. */
    money: (amount: string, currency: string, signed?: boolean): string =>
      number(amount, { style: 'currency', currency, currencyDisplay: 'narrowSymbol', ...signs(signed) }),
    /** An amount without its currency, for columns that name it in the header. */
    amount: (amount: string, currency: string, signed?: boolean): string => {
      const digits = currencyDigits(currency);
      return number(amount, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        ...signs(signed),
      });
    },
    /** A price in a quote unit: 512.3 GBX keeps its own places, at least two. */
    price: (price: string): string =>
      number(price, { minimumFractionDigits: 2, maximumFractionDigits: PRICE_PLACES }),
    rate: (rate: string): string =>
      number(rate, { minimumFractionDigits: 4, maximumFractionDigits: PRICE_PLACES }),
    quantity: (quantity: string): string => number(quantity, { maximumFractionDigits: QUANTITY_PLACES }),
    /** A percentage (12.5 means 12.5 %), two places. */
    percent: (percent: Decimalish, signed?: boolean): string =>
      number(percent, {
        style: 'unit',
        unit: 'percent',
        minimumFractionDigits: 2,
        maximumFractionDigits: 2,
        ...signs(signed),
      }),
    /** A percentage without its sign, for columns that carry % in the header; fewer places where room is short. */
    percentFigure: (percent: Decimalish, places = 2): string =>
      number(percent, { minimumFractionDigits: places, maximumFractionDigits: places }),
    count: (count: number): string => number(count, { maximumFractionDigits: 0 }),
    /** A calendar day (YYYY-MM-DD), which belongs to no time zone. */
    day: (day: string): string => dayFormat.format(new Date(`${day}T00:00:00Z`)),
    /** Two calendar days, the first one before the other, without what both have in common: 3 Jan – 5 Mar 2024. */
    dayRange: (from: string, to: string): string =>
      dayFormat.formatRange(new Date(`${from}T00:00:00Z`), new Date(`${to}T00:00:00Z`)),
    /** An instant in the person's time zone. */
    time: (instant: string): string => timeFormat.format(new Date(instant)),
    /** How long ago an instant was, in words. */
    ago: (instant: string, now: Date = new Date()): string =>
      agoOf(locale, (now.getTime() - new Date(instant).getTime()) / 1000),
    /** Today's calendar day in the person's time zone, as YYYY-MM-DD. */
    today: (now: Date = new Date()): string => zonedDay.format(now),
  };
};

export type Format = ReturnType<typeof makeFormat>;

const separators = (locale: string): { readonly group: string; readonly decimal: string } => {
  const parts = numberFormat(locale, {}).formatToParts(12_345.6);
  const find = (type: Intl.NumberFormatPartTypes, fallback: string): string =>
    parts.find((part) => part.type === type)?.value ?? fallback;
  return { group: find('group', ','), decimal: find('decimal', '.') };
};

/**
 * What a person typed as a decimal string, or null when it is no number. Accepts the locale's separators, spaces and
 * both kinds of minus; a lone point is always a decimal point, so "12.5" works everywhere.
 */
export const parseDecimal = (typed: string, locale: string): string | null => {
  const { group, decimal } = separators(usableLocale(locale));
  let text = typed
    .trim()
    .replaceAll(/[\s\u00A0\u202F'’]/g, '')
    .replace(MINUS, '-');
  if (decimal === ',' && text.includes(',')) text = text.replaceAll('.', '').replace(',', '.');
  else if (group === ',') text = text.replaceAll(',', '');
  if (/^-?\.\d+$/.test(text)) text = text.replace('.', '0.');
  if (!PLAIN.test(text)) return null;
  return text.replace(/^(-?)0+(?=\d)/, '$1');
};
