import { useLingui } from '@lingui/react/macro';
import type { Trade } from './queries.ts';
import type { DepositSource, TradeType } from './trade-model.ts';

/** The name of each type of trade. */
export const useTypeWords = (): ((type: TradeType) => string) => {
  const { t } = useLingui();
  return (type) =>
    ({
      buy: t`Buy`,
      sell: t`Sell`,
      opening: t`Opening`,
      dividend: t`Dividend`,
      interest: t`Interest`,
      fee: t`Fee`,
      tax: t`Tax`,
      split: t`Split`,
      deposit: t`Deposit`,
      withdrawal: t`Withdrawal`,
      transfer_in: t`Transfer in`,
      transfer_out: t`Transfer out`,
    })[type];
};

/** What each type does, in a sentence. */
export const useTypeMeaning = (): ((type: TradeType) => string) => {
  const { t } = useLingui();
  return (type) =>
    ({
      buy: t`Units come in. Price, fees and taxes are what they cost.`,
      sell: t`Units go. Their share of the cost goes with them; the rest is realised gain.`,
      opening: t`What was held before the first trade here, at what it had cost.`,
      dividend: t`The holding paid you. It buys more units if you reinvest it.`,
      interest: t`Interest was paid to you.`,
      fee: t`A charge of its own, such as a platform or custody fee.`,
      tax: t`A tax of its own, paid or withheld.`,
      split: t`More or fewer units for the same money. The cost stays.`,
      deposit: t`Money came in from outside the portfolio.`,
      withdrawal: t`Money went out of the portfolio.`,
      transfer_in: t`Units came from a provider that is not in here, with what they had cost.`,
      transfer_out: t`Units move elsewhere and take their cost along. Nothing is realised.`,
    })[type];
};

/** What a line of the ledger is, with its part in an event. */
export const useTradeWords = (): ((trade: Pick<Trade, 'type' | 'leg'>) => string) => {
  const { t } = useLingui();
  const words = useTypeWords();
  return ({ type, leg }) => {
    if (leg === 'settlement') return type === 'buy' ? t`Cash in` : t`Cash out`;
    return leg === 'reinvestment' ? t`Reinvested` : words(type);
  };
};

/** Whose money a deposit was. */
export const useSourceWords = (): Readonly<Record<DepositSource, string>> => {
  const { t } = useLingui();
  return {
    own: t`Own money`,
    employer: t`Employer’s contribution`,
    tax_relief_expected: t`Tax relief, still expected`,
    tax_relief_received: t`Tax relief, received`,
  };
};
