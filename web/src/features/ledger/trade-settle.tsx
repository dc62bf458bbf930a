import { Trans } from '@lingui/react/macro';
import { Checkbox, Switch } from '@mantine/core';
import { dec, decimalText } from '@pm/domain/money';
import { useFormat } from '../../lib/preferences.tsx';
import { SelectField, useDecimalReader } from '../../ui/form.tsx';
import type { Holding } from './queries.ts';
import type { FieldsProps } from './trade-choice.tsx';
import classes from './trade-dialog.module.css';
import { cashFor, chosenCash, currencyOfCash, moveOf } from './trade-cash.ts';
import { currencyOf, isCashHolding, takesCash, type TradeValues } from './trade-model.ts';
import { RateField } from './trade-rate.tsx';

const Balance = ({ cash, holding, values }: { cash: Holding; holding: Holding; values: TradeValues }) => {
  const format = useFormat();
  const read = useDecimalReader();
  const currency = currencyOfCash(cash);
  const move = moveOf(cash, holding, values, read);
  const now = format.money(cash.qty, currency);
  if (move === null) {
    return (
      <p className={classes['hint']}>
        <Trans>{now} is there now.</Trans>
      </p>
    );
  }
  const after = dec(cash.qty).plus(move);
  const [change, left] = [format.money(move, currency, true), format.money(decimalText(after), currency)];
  return (
    <p className={classes['hint']} data-short={after.isNegative()}>
      <Trans>
        {now} is there now; {change} makes {left}.
      </Trans>
    </p>
  );
};

const Overdraft = ({ values, set }: Pick<FieldsProps, 'values' | 'set'>) => (
  <Checkbox
    label={<Trans>May take the cash below zero</Trans>}
    description={
      <Trans>
        Otherwise it is refused when the cash was not there on that day. Record the deposit first, or tick
        this: the cash is then marked as overdrawn until money comes in.
      </Trans>
    }
    checked={values.overdraw === 'yes'}
    onChange={(event) => set('overdraw', event.currentTarget.checked ? 'yes' : 'no')}
  />
);

const Title = ({ holding, values }: { holding: Holding; values: TradeValues }) => {
  if (isCashHolding(holding) && values.type !== 'buy' && values.type !== 'sell') {
    return takesCash(values.type) ? <Trans>Take it from the cash</Trans> : <Trans>Add it to the cash</Trans>;
  }
  return takesCash(values.type) ? <Trans>Pay it from cash</Trans> : <Trans>Pay it into cash</Trans>;
};

/** Settles the trade against cash, and says what that does to it. */
export const SettleFields = (props: FieldsProps & { cash: readonly Holding[] }) => {
  const { holding, values, set } = props;
  const options = cashFor(props.cash, holding, values);
  const chosen = chosenCash(options, values);
  if (chosen === undefined) {
    return (
      <p className={classes['hint']}>
        <Trans>
          This portfolio holds no cash to settle with. With a holding of a Cash instrument in{' '}
          {holding.account}, trades can pay from it and into it.
        </Trans>
      </p>
    );
  }
  const currency = currencyOf(values, holding);
  const between = currencyOfCash(chosen) !== currency && currencyOfCash(chosen) !== holding.costCurrency;
  const on = values.settle === 'yes';
  return (
    <div className={classes['settle']}>
      <Switch
        label={<Title holding={holding} values={values} />}
        checked={on}
        onChange={(event) => set('settle', event.currentTarget.checked ? 'yes' : 'no')}
      />
      {on && (
        <>
          {options.length > 1 && (
            <SelectField
              name="cashId"
              label={<Trans>Which cash</Trans>}
              options={options.map((cash) => ({
                value: cash.id,
                label: `${cash.account} · ${cash.name} (${currencyOfCash(cash)})`,
              }))}
            />
          )}
          <Balance cash={chosen} holding={holding} values={values} />
          {between && (
            <RateField name="settleRate" from={currency} to={currencyOfCash(chosen)} day={values.date} />
          )}
          {takesCash(values.type) && <Overdraft values={values} set={set} />}
        </>
      )}
    </div>
  );
};
