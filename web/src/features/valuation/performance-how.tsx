import { Trans } from '@lingui/react/macro';
import type { Format } from '../../lib/format.ts';
import type { How } from '../../ui/how.tsx';
import type { Performance } from './performance-queries.ts';

const money = (answer: Performance, format: Format) => (amount: string, signed?: boolean) =>
  format.money(amount, answer.currency, signed);

const range = (answer: Performance, format: Format) => format.dayRange(answer.from, answer.to);

/** The money of the period: what every figure of it begins with. */
const sums = (answer: Performance, format: Format): NonNullable<How['inputs']> => {
  const write = money(answer, format);
  return [
    { label: <Trans>Value at the start</Trans>, value: write(answer.startValue) },
    { label: <Trans>Came in less went out</Trans>, value: write(answer.netFlow, true) },
    { label: <Trans>Value at the end</Trans>, value: write(answer.endValue) },
  ];
};

export const timeWeightedHow = (answer: Performance, format: Format): How => ({
  title: <Trans>Time-weighted return</Trans>,
  formula: (
    <Trans>
      Each day’s growth is (value in the evening + what went out) ÷ (value the evening before + what came in).
      The days are multiplied. When money came or went makes no difference.
    </Trans>
  ),
  inputs: [...sums(answer, format), { label: <Trans>Days</Trans>, value: format.count(answer.days) }],
  note: <Trans>Per year only for more than a year, by days ÷ 365.</Trans>,
  asOf: range(answer, format),
});

export const moneyWeightedHow = (answer: Performance, format: Format): How => ({
  title: <Trans>Money-weighted return</Trans>,
  formula: (
    <Trans>
      The one growth at which the value at the start and every flow, each for its days, come to the value at
      the end. When money came and went makes all the difference.
    </Trans>
  ),
  inputs: [
    ...sums(answer, format),
    { label: <Trans>Days with a flow</Trans>, value: format.count(answer.flowDays) },
    ...answer.moneyWeighted.rates.map((rate) => ({
      label: <Trans>A rate that fits, per year</Trans>,
      value: format.percent(rate.annualPct, true),
    })),
  ],
  asOf: range(answer, format),
});

export const gainHow = (answer: Performance, format: Format): How => ({
  title: <Trans>Gain</Trans>,
  formula: <Trans>Value at the end − value at the start − what came in + what went out</Trans>,
  inputs: sums(answer, format),
  note: <Trans>By price, currency and income these are the sums of each day’s.</Trans>,
  asOf: range(answer, format),
});

export const drawdownHow = (answer: Performance, format: Format): How => ({
  title: <Trans>Deepest fall</Trans>,
  formula: <Trans>The lowest point of the growth after an earlier height, as a share of that height</Trans>,
  inputs:
    answer.drawdown === null
      ? []
      : [
          { label: <Trans>Height</Trans>, value: format.day(answer.drawdown.peak) },
          { label: <Trans>Depth</Trans>, value: format.day(answer.drawdown.trough) },
          {
            label: <Trans>Back at the height</Trans>,
            value:
              answer.drawdown.recovered === null ? (
                <Trans>not yet</Trans>
              ) : (
                format.day(answer.drawdown.recovered)
              ),
          },
        ],
  asOf: range(answer, format),
});

export const volatilityHow = (answer: Performance, format: Format): How => ({
  title: <Trans>Volatility</Trans>,
  formula: <Trans>The standard deviation of the daily returns times √365: calendar days are counted</Trans>,
  inputs: [{ label: <Trans>Days</Trans>, value: format.count(answer.days) }],
  asOf: range(answer, format),
});
