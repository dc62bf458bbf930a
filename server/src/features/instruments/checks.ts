/**
 * What a person says about an instrument or a line, checked by field. Pure.
 *
 * Contents: checkLine · checkIsin · cleanName · splitMetadata
 */
import type { InstrumentMetadata } from '@pm/contracts/instruments';
import { countryOf, industryOf, sectorOf, validIsin } from '@pm/domain/look-through';
import { isCurrency, isQuoteUnit, quoteUnit } from '@pm/domain/money';
import type { Static } from 'typebox';

import type { FieldError } from '#platform/errors.ts';

export type Metadata = Static<typeof InstrumentMetadata>;

/** A line as a person gives it. */
export type LineDraft = {
  readonly ticker?: string;
  readonly exchange?: string;
  readonly currency: string;
  readonly quoteUnit?: string;
};

/** A line as it is stored. */
export type Line = {
  readonly ticker: string | null;
  readonly mic: string | null;
  readonly currency: string;
  readonly quoteUnit: string;
};

/**
 * Reads a line. Problems are added to `errors`, and the line returned is only good when there were none.
 * A ticker on an exchange is stored in capitals: "vusa" and "VUSA" on XLON are one line, not two.
 */
export const checkLine = (draft: LineDraft, errors: FieldError[]): Line => {
  const currencyError = currencyProblem(draft.currency);
  if (currencyError !== null) errors.push({ field: 'currency', message: currencyError });
  const unitCode = draft.quoteUnit ?? draft.currency;
  const line = {
    ticker: (draft.exchange === undefined ? draft.ticker : draft.ticker?.toUpperCase()) ?? null,
    mic: draft.exchange ?? null,
    currency: draft.currency,
    quoteUnit: unitCode,
  };
  if (draft.quoteUnit === undefined) return line;
  if (!isQuoteUnit(unitCode)) {
    errors.push({
      field: 'quoteUnit',
      message: `“${unitCode}” is neither a currency nor a unit such as GBX, ZAc or ILA`,
    });
    return line;
  }
  const unit = quoteUnit(unitCode);
  if (currencyError === null && unit.currency !== draft.currency) {
    const message = `${unit.code} is a unit of ${unit.currency}, but the currency given is ${draft.currency}`;
    errors.push({ field: 'quoteUnit', message });
  }
  return { ...line, quoteUnit: unit.code };
};

/** Why a code is no currency, in words; null when it is one. Pence are named for what they are. */
export const currencyProblem = (code: string): string | null => {
  if (isCurrency(code)) return null;
  const written = code === 'ZAC' ? 'ZAc' : code;
  if (!isQuoteUnit(written)) return `“${code}” is not an ISO 4217 currency`;
  const unit = quoteUnit(written);
  return `${code} is a unit in which prices are quoted, not a currency: give currency ${unit.currency} and quoteUnit ${unit.code}`;
};

/** Adds a problem when the check digit (ISO 6166) does not fit. */
export const checkIsin = (isin: string, errors: FieldError[]): void => {
  if (validIsin(isin) !== null) return;
  errors.push({
    field: 'isin',
    message: `${isin} is not an ISIN: its check digit does not fit, so a character is mistyped`,
  });
};

/** The name without blanks around it. */
export const cleanName = (name: string, errors: FieldError[]): string => {
  const trimmed = name.trim();
  if (trimmed === '') errors.push({ field: 'name', message: 'must not be blank' });
  return trimmed;
};

/** Metadata in its two places: country, sector and industry are columns, because look-through reads them. */
export type StoredMetadata = {
  readonly country: string | null;
  readonly sector: string | null;
  readonly industry: string | null;
  readonly metadata: Omit<Metadata, 'country' | 'sector' | 'industry'>;
};

/**
 * Takes country, sector and industry out and makes them canonical where a table knows the word ("Technology" is "Information
 * Technology"); an unknown word stays as it was given and counts as unclassified.
 */
export const splitMetadata = (given: Metadata): StoredMetadata => {
  const { country, sector, industry, ...metadata } = given;
  return {
    country: canonical(country, countryOf(country ?? null).name),
    sector: canonical(sector, sectorOf(sector ?? null).sector),
    industry: canonical(industry, industryOf(industry ?? null)?.industry ?? 'Unclassified'),
    metadata,
  };
};

const canonical = (given: string | undefined, known: string): string | null => {
  const text = given?.trim() ?? '';
  if (text === '') return null;
  return known === 'Unclassified' ? text : known;
};
