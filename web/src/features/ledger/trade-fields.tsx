import { Trans, useLingui } from '@lingui/react/macro';
import { useId } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { DayField, DecimalField, FieldRow, SelectField, TextField } from '../../ui/form.tsx';
import { useUnitOptions } from '../instruments/instrument-form.tsx';
import { Choice, type FieldsProps } from './trade-choice.tsx';
import classes from './trade-dialog.module.css';
import { boughtUnitOf, currencyOf, isCashHolding } from './trade-model.ts';
import { RateField } from './trade-rate.tsx';
import { TransferFields } from './trade-transfer.tsx';
import { useSourceWords } from './trade-words.tsx';

/** The day on which it happened, never one to come. */
const Day = () => {
  const format = useFormat();
  return <DayField name="date" label={<Trans>Day</Trans>} max={format.today()} required />;
};

const useUnits = ({ holding, values, correcting }: FieldsProps): { value: string; label: string }[] => {
  const units = useUnitOptions();
  if (correcting) return units(currencyOf(values, holding));
  const own = holding.instrument?.currency ?? holding.costCurrency;
  return [...new Set([own, holding.costCurrency])].flatMap(units);
};

/** The few currencies that a sum of this holding comes in; a corrected one keeps its own. */
const CurrencyField = ({ holding, values, correcting }: FieldsProps) => {
  const own = holding.instrument?.currency ?? holding.costCurrency;
  const options = correcting ? [values.currency] : [...new Set([own, holding.costCurrency])];
  return options.length === 1 ? null : (
    <SelectField
      name="currency"
      label={<Trans>Currency</Trans>}
      options={options.map((value) => ({ value, label: value }))}
    />
  );
};

const Rate = ({ holding, values }: FieldsProps) => (
  <RateField from={currencyOf(values, holding)} to={holding.costCurrency} day={values.date} />
);

const UnitField = (props: FieldsProps) => {
  const options = useUnits(props);
  return <SelectField name="unit" label={<Trans>Quoted in</Trans>} options={options} />;
};

const PricedFields = (props: FieldsProps) => {
  const { holding, values, autoFocus } = props;
  const currency = currencyOf(values, holding);
  return (
    <>
      <FieldRow>
        <Day />
        <DecimalField name="qty" label={<Trans>Quantity</Trans>} required autoFocus={autoFocus} />
      </FieldRow>
      <FieldRow>
        <DecimalField name="price" label={<Trans>Price per unit</Trans>} unit={values.unit} required />
        <UnitField {...props} />
      </FieldRow>
      <FieldRow>
        <DecimalField name="fees" label={<Trans>Fees (optional)</Trans>} unit={currency} />
        <DecimalField name="taxes" label={<Trans>Taxes (optional)</Trans>} unit={currency} />
      </FieldRow>
      <Rate {...props} />
    </>
  );
};

const SumFields = (props: FieldsProps & { withTaxes?: boolean }) => {
  const { holding, values } = props;
  const currency = currencyOf(values, holding);
  return (
    <>
      <FieldRow>
        <Day />
        <DecimalField
          name="amount"
          label={<Trans>Amount</Trans>}
          unit={currency}
          required
          autoFocus={props.autoFocus}
        />
        <CurrencyField {...props} />
      </FieldRow>
      {props.withTaxes === true && (
        <DecimalField name="taxes" label={<Trans>Tax withheld (optional)</Trans>} unit={currency} />
      )}
      <Rate {...props} />
    </>
  );
};

const DividendFields = (props: FieldsProps) => {
  const { t } = useLingui();
  const { holding, values, set, correcting } = props;
  const currency = currencyOf(values, holding);
  return (
    <>
      {!correcting && (
        <Choice
          label={t`How it was stated`}
          value={values.per}
          options={[
            { value: 'sum', label: t`As one sum` },
            { value: 'unit', label: t`Per unit` },
          ]}
          onChange={(per) => set('per', per)}
        />
      )}
      {values.per === 'sum' ? (
        <FieldRow>
          <Day />
          <DecimalField name="amount" label={<Trans>Amount before tax</Trans>} unit={currency} required />
          <CurrencyField {...props} />
        </FieldRow>
      ) : (
        <>
          <FieldRow>
            <Day />
            <DecimalField name="qty" label={<Trans>Quantity</Trans>} required />
          </FieldRow>
          <FieldRow>
            <DecimalField name="price" label={<Trans>Paid per unit</Trans>} unit={values.unit} required />
            <UnitField {...props} />
          </FieldRow>
        </>
      )}
      <DecimalField name="taxes" label={<Trans>Tax withheld (optional)</Trans>} unit={currency} />
      <Rate {...props} />
      <Choice
        label={t`What became of it`}
        value={values.reinvest}
        options={[
          { value: 'no', label: t`Paid out` },
          { value: 'yes', label: t`Reinvested in more units` },
        ]}
        onChange={(reinvest) => set('reinvest', reinvest)}
      />
      {values.reinvest === 'yes' && (
        <FieldRow>
          <DecimalField name="boughtQty" label={<Trans>Units bought</Trans>} required />
          <DecimalField
            name="boughtPrice"
            label={<Trans>Price of one</Trans>}
            unit={boughtUnitOf(values)}
            required
          />
          <DecimalField name="boughtFees" label={<Trans>Fees (optional)</Trans>} unit={currency} />
        </FieldRow>
      )}
    </>
  );
};

const SplitFields = ({ values, holding }: FieldsProps) => {
  const format = useFormat();
  const hint = useId();
  const cost = format.money(holding.costBasis, holding.costCurrency);
  return (
    <>
      <Day />
      <div className={classes['split']} aria-describedby={hint}>
        <TextField name="numerator" label={<Trans>Units after</Trans>} required />
        <span aria-hidden>
          <Trans>for</Trans>
        </span>
        <TextField name="denominator" label={<Trans>Units before</Trans>} required />
      </div>
      <p id={hint} className={classes['hint']}>
        <Trans>
          {values.numerator} for {values.denominator}: each {values.denominator} become {values.numerator}.
          The cost stays {cost}.
        </Trans>
      </p>
    </>
  );
};

const DepositFields = (props: FieldsProps) => {
  const sources = useSourceWords();
  return (
    <>
      <SumFields {...props} />
      <SelectField
        name="source"
        label={<Trans>Whose money</Trans>}
        hint={<Trans>Tax relief that is still expected can be marked as received later.</Trans>}
        options={Object.entries(sources).map(([value, label]) => ({ value, label }))}
      />
    </>
  );
};

const ArrivalFields = (props: FieldsProps) => {
  const currency = currencyOf(props.values, props.holding);
  const isCash = isCashHolding(props.holding);
  return (
    <>
      <FieldRow>
        <Day />
        <DecimalField
          name="qty"
          label={isCash ? <Trans>Amount</Trans> : <Trans>Quantity</Trans>}
          required
          autoFocus={props.autoFocus}
        />
      </FieldRow>
      <FieldRow>
        <DecimalField
          name="cost"
          label={<Trans>What it had cost in all</Trans>}
          hint={<Trans>Fees included, from the old provider’s statement</Trans>}
          unit={currency}
          required
        />
        <CurrencyField {...props} />
      </FieldRow>
      <Rate {...props} />
    </>
  );
};

/** The fields that the chosen type needs, and no others. */
export const TypeFields = (props: FieldsProps) => {
  switch (props.values.type) {
    case 'buy':
    case 'sell':
    case 'opening':
      return <PricedFields {...props} />;
    case 'dividend':
      return <DividendFields {...props} />;
    case 'interest':
      return <SumFields {...props} withTaxes />;
    case 'fee':
    case 'tax':
    case 'withdrawal':
      return <SumFields {...props} />;
    case 'deposit':
      return <DepositFields {...props} />;
    case 'split':
      return <SplitFields {...props} />;
    case 'transfer_out':
      return <TransferFields {...props} day={<Day />} />;
    case 'transfer_in':
      return <ArrivalFields {...props} />;
  }
};
