import { Trans } from '@lingui/react/macro';
import type { Format } from '../../lib/format.ts';
import type { How, HowInput } from '../../ui/how.tsx';
import type { Holding } from '../ledger/queries.ts';
import type { FxRate, Summary } from './queries.ts';

type Valuation = Holding['valuation'];

/** A rate with the published rates behind it, as inputs of "how?". */
export const rateInputs = (rate: FxRate, format: Format): HowInput[] => [
  {
    label: (
      <Trans>
        {rate.from} to {rate.to}
      </Trans>
    ),
    value: format.rate(rate.rate),
    note: rate.carriedForward ? (
      <Trans>
        {rate.source}, {format.day(rate.date)}, the last day published
      </Trans>
    ) : (
      <Trans>
        {rate.source}, {format.day(rate.date)}
      </Trans>
    ),
  },
  ...(rate.method === 'cross' || rate.method === 'inverse'
    ? rate.legs.map((leg) => ({
        label: (
          <Trans>
            published {leg.from} to {leg.to}
          </Trans>
        ),
        value: format.rate(leg.rate),
      }))
    : []),
];

/** Who gave a price, in words. */
export const priceSource = (price: NonNullable<Valuation['price']>) =>
  price.kind === 'manual' ? <Trans>given by you</Trans> : price.source;

const priceInput = (price: NonNullable<Valuation['price']>, format: Format): HowInput => ({
  label: <Trans>Price</Trans>,
  value: `${format.price(price.quoted.close)} ${price.quoted.unit}`,
  note: (
    <>
      {price.quoted.unit !== price.currency && (
        <>
          = {format.price(price.close)} {price.currency} ·{' '}
        </>
      )}
      {format.time(price.dateTime)}, {priceSource(price)}
    </>
  ),
  state: price.stale ? 'stale' : undefined,
});

const missingWords = (what: NonNullable<Valuation['missing']>) =>
  ({
    price: <Trans>No price is known. Give one by hand on the instrument’s page.</Trans>,
    rate: <Trans>No exchange rate is known for this day. Import rates under Markets.</Trans>,
    instrument: <Trans>This holding is not linked to an instrument yet.</Trans>,
  })[what];

const owedInputs = (owed: NonNullable<Valuation['owed']>, format: Format): HowInput[] => [
  {
    label: <Trans>Debt</Trans>,
    value: format.money(owed.amount, owed.currency),
    note: <Trans>since {format.day(owed.since)}</Trans>,
  },
  ...(owed.rate.method === 'identity' ? [] : rateInputs(owed.rate, format)),
];

/** How a holding's value came about. */
export const valueHow = (holding: Holding, format: Format): How => {
  const { price, rate, owed, missing, formula } = holding.valuation;
  const inputs: HowInput[] = [{ label: <Trans>Quantity</Trans>, value: format.quantity(holding.qty) }];
  if (price) inputs.push(priceInput(price, format));
  if (rate && rate.method !== 'identity') inputs.push(...rateInputs(rate, format));
  if (owed) inputs.push(...owedInputs(owed, format));
  return {
    title: <Trans>Value of {holding.name}</Trans>,
    formula,
    inputs,
    ...(missing === null ? {} : { note: missingWords(missing) }),
    links: [
      { label: <Trans>Trades</Trans>, to: `/holdings/${holding.id}` },
      ...(holding.instrumentId === null
        ? []
        : [{ label: <Trans>Prices</Trans>, to: `/markets/${holding.instrumentId}` }]),
    ],
  };
};

/** How a holding's gain came about. */
export const gainHow = (holding: Holding, format: Format): How => {
  const { assets: value, cost, currency } = holding.valuation;
  return {
    title: <Trans>Gain of {holding.name}</Trans>,
    formula: (
      <Trans>
        Value today, before any debt, less what the units still held cost, fees of buying included. Past sales
        and income are not in it.
      </Trans>
    ),
    inputs: [
      {
        label: <Trans>Value</Trans>,
        value: value === null ? <Trans>missing</Trans> : format.money(value, currency),
        state: value === null ? 'missing' : undefined,
      },
      { label: <Trans>Cost</Trans>, value: format.money(cost, currency) },
    ],
    links: [{ label: <Trans>Trades</Trans>, to: `/holdings/${holding.id}` }],
  };
};

/** How a holding's cost came about. */
export const costHow = (holding: Holding, format: Format): How => ({
  title: <Trans>Cost of {holding.name}</Trans>,
  formula: (
    <Trans>
      What was paid for the units still held, fees included, at the exchange rate of each trade’s day. A sale
      takes out its share.
    </Trans>
  ),
  inputs: [
    { label: <Trans>Quantity</Trans>, value: format.quantity(holding.qty) },
    ...(holding.avgCost === null
      ? []
      : [
          {
            label: <Trans>Average cost per unit</Trans>,
            value: `${format.price(holding.avgCost)} ${holding.costCurrency}`,
          },
        ]),
  ],
  links: [{ label: <Trans>Trades</Trans>, to: `/holdings/${holding.id}` }],
});

const leftOut = (summary: Summary) =>
  summary.missing.map((one): HowInput => ({
    label: one.name,
    value: <Trans>left out</Trans>,
    note: one.detail,
    state: 'missing',
  }));

/** How a portfolio's value came about. */
export const totalHow = (summary: Summary, format: Format): How => ({
  title: <Trans>Value of the portfolio</Trans>,
  formula: (
    <Trans>The sum of every holding’s quantity × price × exchange rate, less what is owed against it.</Trans>
  ),
  inputs: [
    { label: <Trans>Holdings</Trans>, value: format.count(summary.holdingCount) },
    ...(summary.debt === '0'
      ? []
      : [
          { label: <Trans>Before debt</Trans>, value: format.money(summary.assets, summary.currency) },
          { label: <Trans>Debt</Trans>, value: format.money(summary.debt, summary.currency) },
        ]),
    ...summary.rates.filter((rate) => rate.method !== 'identity').flatMap((rate) => rateInputs(rate, format)),
    ...leftOut(summary),
    ...summary.excluded.map((one): HowInput => ({ label: one.name, value: <Trans>left out by you</Trans> })),
  ],
  asOf: format.time(summary.valuedAt),
  links: [{ label: <Trans>Holdings</Trans>, to: '/holdings' }],
});

/** How a portfolio's gain came about. */
export const totalGainHow = (summary: Summary, format: Format): How => ({
  title: <Trans>Gain of the portfolio</Trans>,
  formula: (
    <Trans>
      The sum of every holding’s value, before any debt, less its cost. Holdings without a value count on
      neither side.
    </Trans>
  ),
  inputs: leftOut(summary),
  asOf: format.time(summary.valuedAt),
  links: [{ label: <Trans>Holdings</Trans>, to: '/holdings' }],
});
