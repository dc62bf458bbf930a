/**
 * A price as a person gives it, checked by field and converted to currency units. Pure.
 *
 * Contents: ManualPriceInput · readPriceInput
 */
import type { ManualPrice } from '@pm/contracts/market-data';
import { FIRST_LEDGER_DAY } from '@pm/domain/calendar';
import {
  AMOUNT_SCALE,
  dec,
  decimalProblem,
  decimalText,
  isCurrency,
  isQuoteUnit,
  quoteUnit,
  toCurrencyUnits,
} from '@pm/domain/money';
import type { QuoteUnit } from '@pm/domain/money';
import type { Static } from 'typebox';

import { currencyProblem } from '#features/instruments';
import { invalidFields } from '#platform/errors.ts';
import type { FieldError } from '#platform/errors.ts';

/** A price is at most this much ahead of us: it may already be tomorrow where it was made. */
const MAX_HOURS_AHEAD = 24;

/** A price ready to be stored; amounts in `currency`, as exact decimal text. */
export type ManualPriceInput = {
  readonly dateTime: Temporal.Instant;
  readonly close: string;
  readonly open: string | null;
  readonly high: string | null;
  readonly low: string | null;
  readonly volume: string | null;
  readonly currency: string;
  /** Unit in which it was given. */
  readonly quoteUnit: string;
};

/**
 * Reads a price: in `quoteUnit` when given, else in `currency`, else in the currency of the instrument's line.
 * 7,512 GBX becomes 75.12 GBP, quoted in GBX.
 * @throws {AppError} 400 `invalid_fields` naming each field
 */
export const readPriceInput = (
  body: Static<typeof ManualPrice>,
  lineCurrency: string,
  now: Temporal.Instant,
): ManualPriceInput => {
  const errors: FieldError[] = [];
  const dateTime = readDateTime(body.dateTime, now, errors);
  const unit = readUnit(body, lineCurrency, errors);
  const amount = (field: 'close' | 'open' | 'high' | 'low'): string | null => {
    const given = body[field];
    return given === undefined ? null : readAmount(field, given, unit, errors);
  };
  const close = amount('close') ?? '';
  const bar = { open: amount('open'), high: amount('high'), low: amount('low') };
  const volume = readVolume(body.volume, errors);
  if (errors.length === 0) checkBar({ close, ...bar }, errors);
  if (errors.length > 0 || unit === null || dateTime === null) throw invalidFields(errors);
  return { dateTime, close, ...bar, volume, currency: unit.currency, quoteUnit: unit.code };
};

const readDateTime = (text: string, now: Temporal.Instant, errors: FieldError[]): Temporal.Instant | null => {
  const refuse = (message: string): null => {
    errors.push({ field: 'dateTime', message });
    return null;
  };
  let instant: Temporal.Instant;
  try {
    // The database keeps microseconds; what is finer is cut rather than rounded into the future.
    instant = Temporal.Instant.from(text).round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
  } catch {
    return refuse('is not a time with a zone, such as 2024-02-23T16:30:00Z');
  }
  const first = FIRST_LEDGER_DAY.toZonedDateTime('UTC').toInstant();
  if (Temporal.Instant.compare(instant, first) < 0) return refuse('is before 1900');
  if (Temporal.Instant.compare(instant, now.add({ hours: MAX_HOURS_AHEAD })) > 0) {
    return refuse('is in the future');
  }
  return instant;
};

const readUnit = (
  body: Static<typeof ManualPrice>,
  lineCurrency: string,
  errors: FieldError[],
): QuoteUnit | null => {
  const { currency, quoteUnit: unitCode } = body;
  const problem = currency === undefined ? null : currencyProblem(currency);
  if (problem !== null) {
    errors.push({ field: 'currency', message: problem });
    return null;
  }
  if (unitCode === undefined) {
    const code = currency ?? lineCurrency;
    if (isCurrency(code)) return quoteUnit(code);
    errors.push({ field: 'currency', message: 'is needed: it is not known in which one this trades' });
    return null;
  }
  if (!isQuoteUnit(unitCode)) {
    errors.push({
      field: 'quoteUnit',
      message: `“${unitCode}” is neither a currency nor a unit such as GBX, ZAc or ILA`,
    });
    return null;
  }
  const unit = quoteUnit(unitCode);
  if (currency === undefined || currency === unit.currency) return unit;
  errors.push({
    field: 'quoteUnit',
    message: `${unit.code} is a unit of ${unit.currency}, but the currency given is ${currency}`,
  });
  return null;
};

/** The amount in currency units; null, with the reason added, when it cannot be stored exactly. */
const readAmount = (
  field: string,
  given: string,
  unit: QuoteUnit | null,
  errors: FieldError[],
): string | null => {
  const refuse = (message: string): null => {
    errors.push({ field, message });
    return null;
  };
  const problem = decimalProblem(given);
  if (problem !== null) return refuse(problem);
  if (!dec(given).greaterThan('0')) return refuse('must be greater than 0');
  if (unit === null) return null;
  const converted = decimalText(toCurrencyUnits(dec(given), unit));
  if (decimalProblem(converted) === null) return converted;
  const places = AMOUNT_SCALE - (decimalText(unit.perCurrencyUnit).length - 1);
  return refuse(
    `has more than ${places} decimal places, which is the most that a price in ${unit.code} can have`,
  );
};

const readVolume = (volume: number | undefined, errors: FieldError[]): string | null => {
  if (volume === undefined) return null;
  if (Number.isSafeInteger(volume)) return volume.toString();
  errors.push({ field: 'volume', message: 'is larger than any market has traded' });
  return null;
};

type Bar = Pick<ManualPriceInput, 'close' | 'open' | 'high' | 'low'>;

/** The highest price is not below, and the lowest not above, any other of the bar. */
const checkBar = ({ close, open, high, low }: Bar, errors: FieldError[]): void => {
  const others = [close, open].filter((price) => price !== null).map((price) => dec(price));
  const above = others.some((price) => high !== null && price.greaterThan(dec(high)));
  const below = others.some((price) => low !== null && price.lessThan(dec(low)));
  if (above) errors.push({ field: 'high', message: 'is below another price of the same time' });
  if (below) errors.push({ field: 'low', message: 'is above another price of the same time' });
  if (high !== null && low !== null && dec(high).lessThan(dec(low))) {
    errors.push({ field: 'high', message: 'is below the lowest price' });
  }
};
