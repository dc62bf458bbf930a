import { useLingui } from '@lingui/react/macro';
import { useDecimalReader } from '../../ui/form.tsx';
import { fieldsOf, partOf, type Field, type TradeValues } from './trade-model.ts';

type Errors = Partial<Record<Field, string>>;

/** Fields that may stay empty. */
const OPTIONAL: readonly Field[] = ['fees', 'taxes', 'fxRate', 'settleRate', 'boughtFees'];

/** Says in words what is missing or is no figure, before anything is sent. */
export const useTradeCheck = (isNew: boolean): ((values: TradeValues) => Errors) => {
  const { t } = useLingui();
  const read = useDecimalReader();
  const wrong: Readonly<Partial<Record<Field, string>>> = {
    qty: t`A number such as 12.5.`,
    price: t`A price such as 71.25.`,
    amount: t`An amount such as 250.`,
    cost: t`An amount such as 1,250; 0 if it cost nothing.`,
    fees: t`An amount such as 4.95, or nothing.`,
    taxes: t`An amount such as 4.95, or nothing.`,
    fxRate: t`A rate such as 0.7919, or nothing.`,
    settleRate: t`A rate such as 0.7919, or nothing.`,
    boughtQty: t`A number such as 12.5.`,
    boughtPrice: t`A price such as 71.25.`,
    boughtFees: t`An amount such as 4.95, or nothing.`,
  };
  const partWords = t`A whole number from 1 to 1,000,000.`;
  const rest = (values: TradeValues): Errors => ({
    ...(values.date === '' ? { date: t`Choose the trade’s day.` } : {}),
    ...(values.type !== 'transfer_out' || !isNew ? {} : target(values)),
    ...(values.type === 'transfer_out' && values.arrives !== '' && values.arrives < values.date
      ? { arrives: t`It cannot arrive before it left.` }
      : {}),
    ...(values.type === 'split' ? split(values) : {}),
  });
  const split = (values: TradeValues): Errors => {
    const [after, before] = [partOf(values.numerator), partOf(values.denominator)];
    if (after !== null && after === before) {
      return { numerator: t`${values.numerator} for ${values.denominator} changes nothing.` };
    }
    return {
      ...(after === null ? { numerator: partWords } : {}),
      ...(before === null ? { denominator: partWords } : {}),
    };
  };
  const target = (values: TradeValues): Errors => ({
    ...(values.where !== 'elsewhere' && values.toAccount === '' ? { toAccount: t`Choose the account.` } : {}),
    ...(values.where === 'portfolio' && values.toPortfolio === ''
      ? { toPortfolio: t`Choose the portfolio.` }
      : {}),
  });
  return (values) => {
    const errors: Errors = {};
    for (const field of fieldsOf(values)) {
      const words = wrong[field];
      const typed = values[field].trim();
      if (words === undefined || (typed === '' && OPTIONAL.includes(field))) continue;
      if (read(typed) === null) errors[field] = words;
    }
    return { ...errors, ...rest(values) };
  };
};
