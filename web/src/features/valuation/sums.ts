import { dec, decimalText, ZERO, type Decimal } from '@pm/domain/money';

/** The exact sum of decimal strings. */
export const sumOf = (amounts: Iterable<string>): string => {
  let total: Decimal = ZERO;
  for (const amount of amounts) total = total.plus(dec(amount));
  return decimalText(total);
};

/** `part` of `whole` in percent, as a number for the length of a bar or two places of text; 0 when the whole is 0. */
export const shareOf = (part: string, whole: string): number => {
  const total = dec(whole);
  return total.isZero() ? 0 : dec(part).div(total).times(100).toNumber();
};
