import { dec, decimalText } from '@pm/domain/money';
import type { Holding } from './queries.ts';
import { currencyOf, netOf, type Read, type TradeValues } from './trade-model.ts';

/** The currency of a cash holding. */
export const currencyOfCash = (cash: Holding): string => cash.instrument?.currency ?? cash.costCurrency;

/** The cash that may settle, the likeliest first: the holding itself, then its account's, then the right currency. */
export const cashFor = (
  all: readonly Holding[],
  holding: Holding,
  values: TradeValues,
): readonly Holding[] => {
  const currency = currencyOf(values, holding);
  const trading = values.type === 'buy' || values.type === 'sell';
  const rank = (cash: Holding): number =>
    (cash.id === holding.id ? 0 : 8) +
    (cash.account === holding.account ? 0 : 4) +
    (currencyOfCash(cash) === currency ? 0 : currencyOfCash(cash) === holding.costCurrency ? 1 : 2);
  return all
    .filter((cash) => !trading || cash.id !== holding.id)
    .toSorted((one, other) => rank(one) - rank(other));
};

/** The cash that is chosen, or the likeliest. */
export const chosenCash = (options: readonly Holding[], values: TradeValues): Holding | undefined =>
  options.find((cash) => cash.id === values.cashId) ?? options[0];

/** What the cash moves by, where its currency is the trade's, or the portfolio's and the rate is typed. */
export const moveOf = (cash: Holding, holding: Holding, values: TradeValues, read: Read): string | null => {
  const net = netOf(values, read);
  if (net === null) return null;
  if (currencyOfCash(cash) === currencyOf(values, holding)) return net;
  const typed = currencyOfCash(cash) === holding.costCurrency ? values.fxRate : values.settleRate;
  const rate = read(typed);
  return rate === null ? null : decimalText(dec(net).times(rate));
};
