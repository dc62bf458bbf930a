import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { DayField, DecimalField, FieldRow, SelectField, useDecimalReader } from '../../ui/form.tsx';
import { mayEdit, portfoliosQuery, type Portfolio } from '../portfolios/queries.ts';
import type { Holding } from './queries.ts';
import type { Filing } from './trade-body.ts';
import { Choice, type FieldsProps } from './trade-choice.tsx';
import classes from './trade-dialog.module.css';
import { carriedCost, isCashHolding, type TradeValues } from './trade-model.ts';
import { RateField } from './trade-rate.tsx';

/** The portfolio that receives, and under which names it files what it does not hold yet. */
export const useReceiver = (
  holding: Holding,
  values: TradeValues,
): { portfolio: Portfolio | undefined; others: readonly Portfolio[]; filing: Filing } => {
  const { data } = useQuery(portfoliosQuery);
  const wanted = values.where === 'portfolio' ? values.toPortfolio : holding.portfolioId;
  const portfolio = data?.find((one) => one.id === wanted);
  return {
    portfolio,
    others: data?.filter((one) => one.id !== holding.portfolioId && mayEdit(one)) ?? [],
    filing: filingIn(portfolio, holding),
  };
};

/** The holding's own names where the portfolio has them, else its first ones. */
export const filingIn = (portfolio: Portfolio | undefined, holding: Holding): Filing => {
  const { sections = [], themes = [], themeSections = {} } = portfolio?.lists ?? {};
  const theme = themes.includes(holding.theme) ? holding.theme : (themes[0] ?? holding.theme);
  const section = sections.includes(holding.section) ? holding.section : (sections[0] ?? holding.section);
  return { theme, section: themeSections[theme] ?? section };
};

const CarriedCost = ({ holding, values }: { holding: Holding; values: TradeValues }) => {
  const format = useFormat();
  const read = useDecimalReader();
  const qty = read(values.qty);
  const cost = carriedCost(holding, qty);
  if (qty === null || cost === null) {
    const held = format.quantity(holding.qty);
    return (
      <p className={classes['hint']}>
        <Trans>{held} are held now. What leaves takes its share of the cost along.</Trans>
      </p>
    );
  }
  const [moved, held] = [format.quantity(qty), format.quantity(holding.qty)];
  const [carried, all] = [
    format.money(cost, holding.costCurrency),
    format.money(holding.costBasis, holding.costCurrency),
  ];
  return (
    <p className={classes['hint']}>
      <Trans>
        Takes {carried} of cost along: {moved} of the {held} held now, which cost {all}. A transfer of an
        earlier day takes the cost of that day.
      </Trans>
    </p>
  );
};

const Destination = ({ holding, values, set }: FieldsProps) => {
  const { t } = useLingui();
  const { portfolio, others, filing } = useReceiver(holding, values);
  const accounts = portfolio?.lists.accounts.filter(
    (account) => values.where !== 'account' || account !== holding.account,
  );
  const empty = { value: '', label: t`Choose…` };
  return (
    <>
      <Choice
        label={t`Where it goes`}
        value={values.where}
        options={[
          { value: 'account', label: t`Other account` },
          ...(others.length === 0 ? [] : [{ value: 'portfolio', label: t`Other portfolio` }]),
          { value: 'elsewhere', label: t`Out of here` },
        ]}
        onChange={(where) => {
          set('where', where);
          set('toAccount', '');
        }}
      />
      {values.where === 'elsewhere' ? (
        <p className={classes['hint']}>
          <Trans>To a provider that is not kept here. It leaves the portfolio as it stands.</Trans>
        </p>
      ) : (
        <FieldRow>
          {values.where === 'portfolio' && (
            <SelectField
              name="toPortfolio"
              label={<Trans>To portfolio</Trans>}
              options={[empty, ...others.map(({ id, name }) => ({ value: id, label: name }))]}
              required
            />
          )}
          <SelectField
            name="toAccount"
            label={<Trans>To account</Trans>}
            options={[empty, ...(accounts ?? []).map((value) => ({ value, label: value }))]}
            {...(values.where === 'portfolio' && values.toPortfolio !== ''
              ? {
                  hint: (
                    <Trans>
                      New there, it goes under {filing.section} · {filing.theme}.
                    </Trans>
                  ),
                }
              : {})}
            required
          />
        </FieldRow>
      )}
      {values.where === 'portfolio' && portfolio && (
        <RateField
          from={holding.costCurrency}
          to={portfolio.baseCurrency}
          day={values.arrives === '' ? values.date : values.arrives}
        />
      )}
    </>
  );
};

/** Units that leave, for where, and the cost that goes along. */
export const TransferFields = (props: FieldsProps & { day: ReactNode }) => {
  const { holding, values, correcting } = props;
  const format = useFormat();
  return (
    <>
      {!correcting && <Destination {...props} />}
      <FieldRow>
        {props.day}
        <DecimalField
          name="qty"
          label={isCashHolding(holding) ? <Trans>Amount</Trans> : <Trans>Quantity</Trans>}
          required
        />
        {values.where !== 'elsewhere' && (
          <DayField
            name="arrives"
            label={<Trans>Arrives on (optional)</Trans>}
            hint={<Trans>When it is in transit for days</Trans>}
            // Within a portfolio it may be a day that is expected.
            {...(values.where === 'portfolio' && { max: format.today() })}
          />
        )}
      </FieldRow>
      <CarriedCost holding={holding} values={values} />
    </>
  );
};
