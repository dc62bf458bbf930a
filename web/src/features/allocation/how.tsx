import { Trans } from '@lingui/react/macro';
import type { Format } from '../../lib/format.ts';
import type { How } from '../../ui/how.tsx';
import type { Allocation } from './queries.ts';

/** One line of the tables: a section, theme, account or holding. */
export type Part = {
  readonly name: string;
  readonly value: string;
  readonly actualPct: number | null;
  readonly targetPct: number | null;
  readonly target: string | null;
  readonly driftPct: number | null;
  readonly drift: string | null;
};

const missing = <Trans>missing</Trans>;

const percent = (value: number | null, format: Format) => (value === null ? missing : format.percent(value));

/** What amounts of targets are shares of, in words. */
export const BaseWords = ({ from }: { from: Allocation['baseFrom'] }) =>
  ({
    lockedTotal: <Trans>the locked total</Trans>,
    targetPortfolioValue: <Trans>the value aimed for</Trans>,
    value: <Trans>the value now</Trans>,
  })[from];

/** How an actual share came about. */
export const actualHow = (part: Part, { value, currency }: Allocation, format: Format): How => ({
  title: <Trans>Share of {part.name}</Trans>,
  formula: <Trans>Its value ÷ the value of everything that counts</Trans>,
  inputs: [
    { label: part.name, value: format.money(part.value, currency) },
    { label: <Trans>Everything that counts</Trans>, value: format.money(value, currency) },
  ],
});

/** How a drift came about, in points and in money. */
export const driftHow = (part: Part, allocation: Allocation, format: Format): How => {
  const { currency, base, baseFrom } = allocation;
  return {
    title: <Trans>Drift of {part.name}</Trans>,
    formula: (
      <Trans>
        In points: actual share − target share. In money: value − target share × the total aimed for.
      </Trans>
    ),
    inputs: [
      { label: <Trans>Actual share</Trans>, value: percent(part.actualPct, format) },
      { label: <Trans>Target share</Trans>, value: percent(part.targetPct, format) },
      { label: <Trans>Value</Trans>, value: format.money(part.value, currency) },
      {
        label: <Trans>Target</Trans>,
        value: part.target === null ? missing : format.money(part.target, currency),
        note: (
          <Trans>
            of {format.money(base, currency)}, <BaseWords from={baseFrom} />
          </Trans>
        ),
      },
    ],
  };
};
