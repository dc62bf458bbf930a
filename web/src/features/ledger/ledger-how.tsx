import { Trans } from '@lingui/react/macro';
import { dec, decimalText } from '@pm/domain/money';
import type { ReactNode } from 'react';
import type { Format } from '../../lib/format.ts';
import type { How, HowInput } from '../../ui/how.tsx';
import { costHow, rateInputs } from '../valuation/provenance.tsx';
import { costTrail } from './cost-trail.ts';
import type { Holding, HoldingGain, Trade } from './queries.ts';

type Words = (trade: Trade) => string;

/** The newest steps that a panel shows; the table has them all. */
const STEPS_SHOWN = 6;

/** The rate of a trade with where it comes from. */
const rateOf = (trade: Trade, format: Format): ReactNode =>
  trade.currency === trade.totalCurrency ? null : (
    <>
      {' · '}
      {trade.currency} → {trade.totalCurrency} {format.rate(trade.fxRate)}, {trade.fxSource}
    </>
  );

/** What a trade moved, as a person would reckon it. */
const reckoned = (trade: Trade, format: Format): ReactNode => {
  const charges = decimalText(dec(trade.fees).plus(trade.taxes));
  const units =
    trade.price === '0'
      ? format.quantity(trade.qty)
      : `${format.quantity(trade.qty)} × ${format.price(trade.quoted.price)} ${trade.quoted.unit}`;
  return (
    <>
      {units}
      {charges !== '0' && <Trans>, fees and taxes {format.money(charges, trade.currency)}</Trans>}
      {rateOf(trade, format)}
    </>
  );
};

/** How a holding's cost came about, trade by trade. */
export const costTrailHow = (
  holding: Holding,
  trades: readonly Trade[],
  format: Format,
  words: Words,
): How => {
  const steps = costTrail(trades);
  const shown = steps.slice(-STEPS_SHOWN);
  const earlier = steps.length - shown.length;
  const plain = costHow(holding, format);
  return {
    ...plain,
    inputs: [
      ...(earlier > 0
        ? [{ label: <Trans>Earlier trades, in the table below</Trans>, value: format.count(earlier) }]
        : []),
      ...shown.map(({ trade, change }): HowInput => ({
        label: `${format.day(trade.date)} · ${words(trade)}`,
        value: format.money(change, trade.totalCurrency, true),
        note: reckoned(trade, format),
      })),
      { label: <Trans>Cost</Trans>, value: format.money(holding.costBasis, holding.costCurrency) },
    ],
    links: [],
  };
};

/** How the average cost of a unit came about. */
export const averageHow = (holding: Holding, format: Format): How => ({
  title: <Trans>Average cost per unit</Trans>,
  formula: (
    <Trans>
      The cost of the units still held ÷ their number. Buying adds price, fees and taxes; selling takes out
      the same share of the cost as of the units; a split changes only the number.
    </Trans>
  ),
  inputs: [
    { label: <Trans>Cost</Trans>, value: format.money(holding.costBasis, holding.costCurrency) },
    { label: <Trans>Quantity</Trans>, value: format.quantity(holding.qty) },
  ],
});

/** How the total of a trade came about. */
export const tradeHow = (trade: Trade, format: Format): How => {
  const isTransfer = trade.carriedCost !== null;
  const adds = ['buy', 'opening', 'deposit', 'fee', 'tax'].includes(trade.type);
  return {
    title: <Trans>What this trade moved</Trans>,
    formula: isTransfer ? (
      <Trans>The share of the cost that went along with the units. Nothing is realised by it.</Trans>
    ) : adds ? (
      <Trans>Quantity × price, or the amount, plus fees and taxes, at the rate of the day.</Trans>
    ) : (
      <Trans>Quantity × price, or the amount, less fees and taxes, at the rate of the day.</Trans>
    ),
    inputs: [
      ...(trade.qty === '0' ? [] : [{ label: <Trans>Quantity</Trans>, value: format.quantity(trade.qty) }]),
      ...(trade.price === '0'
        ? []
        : [
            {
              label: <Trans>Price</Trans>,
              value: `${format.price(trade.quoted.price)} ${trade.quoted.unit}`,
              ...(trade.quoted.unit === trade.currency
                ? {}
                : { note: `= ${format.price(trade.price)} ${trade.currency}` }),
            },
          ]),
      ...(trade.amount === null
        ? []
        : [{ label: <Trans>Amount</Trans>, value: format.money(trade.amount, trade.currency) }]),
      ...(isTransfer
        ? []
        : [{ label: <Trans>Fees</Trans>, value: format.money(trade.fees, trade.currency) }]),
      ...(trade.taxes === '0'
        ? []
        : [{ label: <Trans>Taxes</Trans>, value: format.money(trade.taxes, trade.currency) }]),
      ...(trade.currency === trade.totalCurrency
        ? []
        : [
            {
              label: (
                <Trans>
                  {trade.currency} to {trade.totalCurrency}
                </Trans>
              ),
              value: format.rate(trade.fxRate),
              note: trade.fxSource,
            },
          ]),
    ],
  };
};

type Part = 'total' | 'realised' | 'unrealised' | 'income' | 'price' | 'currency';

const formulaOf = (part: Part, { formula, method }: HoldingGain): ReactNode =>
  ({
    total: formula,
    realised:
      method === 'fifo' ? (
        <Trans>What was sold, less fees and taxes, less what those units cost: the oldest go first.</Trans>
      ) : (
        <Trans>What was sold, less fees and taxes, less its share of the cost, at average cost.</Trans>
      ),
    unrealised: <Trans>Value today less what the units still held cost.</Trans>,
    income: (
      <Trans>
        Dividends and interest net of their charges, less fees and taxes that belong to no purchase or sale.
      </Trans>
    ),
    price: (
      <Trans>
        The gain in the instrument’s own currency: each realised part at the rate of its day, the rest at
        today’s.
      </Trans>
    ),
    currency: <Trans>What is left of realised and unrealised gain: the exchange rate did it.</Trans>,
  })[part];

const titleOf = (part: Part): ReactNode =>
  ({
    total: <Trans>Gain since the first trade</Trans>,
    realised: <Trans>Realised gain</Trans>,
    unrealised: <Trans>Unrealised gain</Trans>,
    income: <Trans>Income</Trans>,
    price: <Trans>Gain from the price</Trans>,
    currency: <Trans>Gain from the currency</Trans>,
  })[part];

const valueInputs = ({ gain, price, rate }: HoldingGain, format: Format): HowInput[] => [
  {
    label: <Trans>Value</Trans>,
    value: gain.value === null ? <Trans>missing</Trans> : format.money(gain.value, gain.currency),
    state: gain.value === null ? 'missing' : price?.stale === true ? 'stale' : undefined,
    ...(price && price.kind !== 'cash'
      ? { note: `${format.price(price.quoted.close)} ${price.quoted.unit}, ${format.time(price.dateTime)}` }
      : {}),
  },
  ...(rate && rate.method !== 'identity' ? rateInputs(rate, format) : []),
];

const rowInputs = (
  { gain, rows }: HoldingGain,
  types: readonly string[],
  read: (row: HoldingGain['rows'][number]) => string,
  format: Format,
  words: (type: Trade['type']) => string,
): HowInput[] =>
  rows
    .filter((row) => types.includes(row.type))
    .map((row) => ({
      label: `${words(row.type as Trade['type'])} · ${format.count(row.count)}`,
      value: format.money(read(row), gain.currency),
    }));

const inputsOf = (
  part: Part,
  answer: HoldingGain,
  format: Format,
  words: (type: Trade['type']) => string,
): HowInput[] => {
  const { gain, own } = answer;
  const money = (label: ReactNode, amount: string): HowInput => ({
    label,
    value: format.money(amount, gain.currency),
  });
  switch (part) {
    case 'total':
      return [
        ...valueInputs(answer, format),
        money(<Trans>+ proceeds</Trans>, gain.proceeds),
        money(<Trans>+ income</Trans>, gain.income),
        money(<Trans>− purchases</Trans>, gain.purchases),
        money(<Trans>− fees</Trans>, gain.fees),
        money(<Trans>− taxes</Trans>, gain.taxes),
      ];
    case 'unrealised':
      return [...valueInputs(answer, format), money(<Trans>Cost</Trans>, gain.cost)];
    case 'realised':
      return rowInputs(answer, ['sell', 'withdrawal'], (row) => row.realised, format, words);
    case 'income':
      return rowInputs(answer, ['dividend', 'interest', 'fee', 'tax'], (row) => row.total, format, words);
    case 'price':
    case 'currency':
      return [
        ...(own === null
          ? []
          : [
              {
                label: <Trans>Realised in {own.currency}</Trans>,
                value: format.money(own.realised, own.currency),
              },
              {
                label: <Trans>Unrealised in {own.currency}</Trans>,
                value: own.unrealised === null ? '–' : format.money(own.unrealised, own.currency),
              },
            ]),
        ...valueInputs(answer, format),
      ];
  }
};

/** How a part of the gain came about. */
export const gainPartHow = (
  part: Part,
  answer: HoldingGain,
  format: Format,
  words: (type: Trade['type']) => string,
): How => ({
  title: titleOf(part),
  formula: formulaOf(part, answer),
  inputs: inputsOf(part, answer, format, words),
  asOf: format.day(answer.asOf),
});
