import { isCurrency } from '@pm/domain/money';

/**
 * The currency pair that a row's name or ticker gives ("INR/USD", "EUR/USD FWD 15MAR24"), as `INR/USD`, or null. Only
 * two ISO currencies make a pair.
 */
export const fxPairOf = (text: string): string | null => {
  const [, from = '', to = ''] =
    /(?:^|[^A-Z])([A-Z]{3})\s*\/\s*([A-Z]{3})(?:$|[^A-Z])/.exec(text.toUpperCase()) ?? [];
  return isCurrency(from) && isCurrency(to) && from !== to ? `${from}/${to}` : null;
};
