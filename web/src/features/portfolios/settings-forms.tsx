import { Trans, useLingui } from '@lingui/react/macro';
import { Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Request } from '../../lib/api.ts';
import { DecimalField, Form, SelectField, TextField, useDecimalReader } from '../../ui/form.tsx';
import { toast } from '../../ui/toasts.tsx';
import classes from '../identity/settings.module.css';
import { refreshFigures } from '../ledger/queries.ts';
import { useCurrencyOptions } from '../market-data/currencies.ts';
import { replacePortfolio } from './list-changes.ts';
import type { Portfolio } from './queries.ts';

type Patch = Request<'PATCH /api/portfolios/:id'>['body'];

/** Changes a portfolio under the version that is seen, and offers to take it back. */
export const usePatchPortfolio = (portfolio: Portfolio) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const send = async (body: Patch, version: number): Promise<Portfolio> => {
    const saved = await api('PATCH /api/portfolios/:id', { params: { id: portfolio.id }, version, body });
    replacePortfolio(client, saved);
    await refreshFigures(client);
    return saved;
  };
  const failed = (error: unknown): void =>
    toast(error instanceof Error ? error.message : t`It could not be undone.`, { tone: 'bad' });
  return async (body: Patch, before: Patch): Promise<void> => {
    const saved = await send(body, portfolio.version);
    toast(t`Saved.`, { undo: () => void send(before, saved.version).catch(failed) });
  };
};

type FormProps = { readonly portfolio: Portfolio };

export const NameForm = ({ portfolio }: FormProps) => {
  const { t } = useLingui();
  const patch = usePatchPortfolio(portfolio);
  return (
    <Form
      initial={{ name: portfolio.name }}
      action={<Trans>Rename</Trans>}
      check={(values) => (values.name.trim() === '' ? { name: t`A portfolio needs a name.` } : {})}
      submit={({ values }) => patch({ name: values.name.trim() }, { name: portfolio.name })}
    >
      <TextField name="name" label={<Trans>Name</Trans>} required />
    </Form>
  );
};

type Totals = { targetPortfolioValue: string; lockTotal: string; lockedTotal: string };

/** Reads the totals as they were typed, and says what is wrong with them. */
const useTotals = () => {
  const { t } = useLingui();
  const read = useDecimalReader();
  const amountIn = (typed: string): string | null => (typed.trim() === '' ? null : read(typed));
  const isWrong = (typed: string): boolean => {
    const amount = amountIn(typed);
    return typed.trim() !== '' && (amount === null || amount.startsWith('-'));
  };
  return {
    settingsOf: (values: Totals) => ({
      targetPortfolioValue: amountIn(values.targetPortfolioValue),
      lockTotal: values.lockTotal === 'yes',
      lockedTotal: amountIn(values.lockedTotal),
    }),
    check: (values: Totals) => ({
      ...(isWrong(values.targetPortfolioValue)
        ? { targetPortfolioValue: t`An amount such as 100,000.` }
        : {}),
      ...(isWrong(values.lockedTotal) ? { lockedTotal: t`An amount such as 50,000.` } : {}),
      ...(values.lockTotal === 'yes' && amountIn(values.lockedTotal) === null
        ? { lockedTotal: t`The total to lock it at.` }
        : {}),
    }),
  };
};

/** What targets in amounts are shares of. */
export const TotalsForm = ({ portfolio }: FormProps) => {
  const patch = usePatchPortfolio(portfolio);
  const { check, settingsOf } = useTotals();
  const { lockTotal, lockedTotal, targetPortfolioValue } = portfolio.settings;
  return (
    <Form
      initial={{
        targetPortfolioValue: targetPortfolioValue ?? '',
        lockTotal: lockTotal ? 'yes' : 'no',
        lockedTotal: lockedTotal ?? '',
      }}
      rename={{
        'settings.targetPortfolioValue': 'targetPortfolioValue',
        'settings.lockedTotal': 'lockedTotal',
      }}
      action={<Trans>Save totals</Trans>}
      check={check}
      submit={({ values }) =>
        patch(
          { settings: settingsOf(values) },
          { settings: { targetPortfolioValue, lockTotal, lockedTotal } },
        )
      }
    >
      {(values, set) => (
        <>
          <DecimalField
            name="targetPortfolioValue"
            label={<Trans>Value aimed for (optional)</Trans>}
            hint={
              <Trans>Targets in amounts are shares of it. Without it they are shares of the value now.</Trans>
            }
            unit={portfolio.baseCurrency}
          />
          <Switch
            label={<Trans>Lock the total</Trans>}
            description={
              <Trans>
                Targets are shares of the locked total instead, and rebalancing never buys beyond it.
              </Trans>
            }
            checked={values.lockTotal === 'yes'}
            onChange={(event) => set('lockTotal', event.currentTarget.checked ? 'yes' : 'no')}
          />
          {values.lockTotal === 'yes' && (
            <DecimalField
              name="lockedTotal"
              label={<Trans>Locked total</Trans>}
              unit={portfolio.baseCurrency}
            />
          )}
        </>
      )}
    </Form>
  );
};

const MOST_MINUTES = 1440;

/** Whether prices of what is held are fetched, and how often. */
export const PricesForm = ({ portfolio }: FormProps) => {
  const { t } = useLingui();
  const patch = usePatchPortfolio(portfolio);
  const { enableLivePrices, livePriceUpdateInterval } = portfolio.settings;
  return (
    <Form
      initial={{ live: enableLivePrices ? 'yes' : 'no', minutes: String(livePriceUpdateInterval) }}
      rename={{ 'settings.livePriceUpdateInterval': 'minutes' }}
      action={<Trans>Save prices</Trans>}
      check={(values) => {
        const minutes = Number(values.minutes);
        const fits = Number.isInteger(minutes) && minutes >= 1 && minutes <= MOST_MINUTES;
        return fits ? {} : { minutes: t`Whole minutes, from 1 to 1,440.` };
      }}
      submit={({ values }) =>
        patch(
          {
            settings: {
              enableLivePrices: values.live === 'yes',
              livePriceUpdateInterval: Number(values.minutes),
            },
          },
          { settings: { enableLivePrices, livePriceUpdateInterval } },
        )
      }
    >
      {(values, set) => (
        <>
          <Switch
            label={<Trans>Fetch prices of what it holds</Trans>}
            description={
              <Trans>
                From the providers that this install is set up with. Prices given by hand always work.
              </Trans>
            }
            checked={values.live === 'yes'}
            onChange={(event) => set('live', event.currentTarget.checked ? 'yes' : 'no')}
          />
          {values.live === 'yes' && (
            <div className={classes['percent']}>
              <TextField name="minutes" label={<Trans>Every … minutes</Trans>} />
            </div>
          )}
        </>
      )}
    </Form>
  );
};

/** The currency of totals and costs. */
export const CurrencyForm = ({ portfolio }: FormProps) => {
  const currencies = useCurrencyOptions();
  const patch = usePatchPortfolio(portfolio);
  return (
    <Form
      initial={{ currency: portfolio.baseCurrency }}
      rename={{ 'settings.currency': 'currency' }}
      action={<Trans>Change currency</Trans>}
      submit={({ values }) =>
        patch({ settings: { currency: values.currency } }, { settings: { currency: portfolio.baseCurrency } })
      }
    >
      <SelectField name="currency" label={<Trans>Currency of totals and costs</Trans>} options={currencies} />
    </Form>
  );
};
