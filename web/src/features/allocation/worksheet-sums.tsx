import { Trans, useLingui } from '@lingui/react/macro';
import type { AllocationRow, Allocation as Weighing, Settlement } from '@pm/domain/allocation';
import type { Decimal } from '@pm/domain/money';
import type { Format } from '../../lib/format.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Figure } from '../../ui/figure.tsx';
import { HowButton, type How } from '../../ui/how.tsx';
import { Note } from '../../ui/page.tsx';
import type { Portfolio } from '../portfolios/queries.ts';
import classes from './allocation.module.css';
import { DriftFigure } from './drift-figure.tsx';
import { driftHow } from './how.tsx';
import type { Allocation } from './queries.ts';
import { exact } from './worksheet-model.ts';

const Money = ({ value, currency }: { value: Decimal; currency: string }) => (
  <Figure kind="money" bare value={exact(value)} currency={currency} />
);

/** How what is left came about. */
const leftHow = (settlement: Settlement, cash: string, currency: string, format: Format): How => ({
  title: <Trans>What is left</Trans>,
  formula: <Trans>Cash + sold − bought: what the accounts have left and what is left of the cash</Trans>,
  inputs: [
    { label: <Trans>Cash</Trans>, value: format.money(cash, currency) },
    { label: <Trans>Sold</Trans>, value: format.money(exact(settlement.sold), currency) },
    { label: <Trans>Bought</Trans>, value: format.money(exact(settlement.bought), currency) },
    { label: <Trans>Left of the cash</Trans>, value: format.money(exact(settlement.cashLeft), currency) },
  ],
});

const TooMuch = ({ lacking }: { lacking: string }) => (
  <Note tone="warn" live>
    <p>
      <Trans>
        The purchases need {lacking} more than the cash. What another account sells cannot pay for them.
      </Trans>
    </p>
  </Note>
);

/** What the lines come to in each account, and what is left of the cash. */
export const AccountSums = ({
  allocation,
  settlement,
}: {
  allocation: Allocation;
  settlement: Settlement;
}) => {
  const { t } = useLingui();
  const format = useFormat();
  const { currency, rebalance } = allocation;
  const cash = rebalance?.cash ?? '0';
  const { bought, sold, cashLeft, accounts } = settlement;
  const isShort = cashLeft.lessThan(0) && !cash.startsWith('-');
  const left = accounts.reduce((sum, one) => sum.plus(one.left), cashLeft);
  const how = () => leftHow(settlement, cash, currency, format);
  return (
    <>
      <div className={classes['wide']} tabIndex={0} role="region" aria-label={t`Account by account, table`}>
        <table className={classes['sums']}>
          <caption className="sr-only">{t`Account by account`}</caption>
          <thead>
            <tr>
              <th scope="col">{t`Account`}</th>
              <th scope="col">{t`Bought`}</th>
              <th scope="col">{t`Sold`}</th>
              <th scope="col">{t`New money in`}</th>
              <th scope="col">{t`Left in it`}</th>
            </tr>
          </thead>
          <tbody>
            {accounts.map((one) => (
              <tr key={one.account}>
                <th scope="row">{one.account}</th>
                {[one.bought, one.sold, one.newMoney, one.left].map((value, at) => (
                  <td key={at}>
                    <Money value={value} currency={currency} />
                  </td>
                ))}
              </tr>
            ))}
            <tr data-total data-bad={isShort}>
              <th scope="row">
                <Trans>Together, with what is left of {format.money(cash, currency)}</Trans>
              </th>
              <td>
                <Money value={bought} currency={currency} />
              </td>
              <td>
                <Money value={sold} currency={currency} />
              </td>
              <td />
              <td>
                <HowButton how={how}>
                  <Money value={left} currency={currency} />
                </HowButton>
              </td>
            </tr>
          </tbody>
        </table>
      </div>
      {isShort && <TooMuch lacking={format.money(exact(cashLeft.neg()), currency)} />}
    </>
  );
};

const partOf = (row: AllocationRow) => ({
  name: row.name,
  value: exact(row.value),
  actualPct: row.actualPct?.toNumber() ?? null,
  targetPct: row.targetPct?.toNumber() ?? null,
  target: row.target === null ? null : exact(row.target),
  driftPct: row.driftPct?.toNumber() ?? null,
  drift: row.drift === null ? null : exact(row.drift),
});

/** Drift before and after, for everything with a target. */
export const DriftAfter = ({
  portfolio,
  allocation,
  after,
}: {
  portfolio: Portfolio;
  allocation: Allocation;
  after: Weighing;
}) => {
  const { t } = useLingui();
  const format = useFormat();
  const figures = { ...allocation, value: exact(after.value), base: exact(after.base) };
  const kinds = [
    { title: t`Section`, before: allocation.sections, rows: after.sections },
    { title: t`Theme`, before: allocation.themes, rows: after.themes },
    { title: t`Account`, before: allocation.accounts, rows: after.accounts },
  ];
  return (
    <div className={classes['wide']} tabIndex={0} role="region" aria-label={t`Drift that remains, table`}>
      {kinds.map(({ title, before, rows }) => {
        const targeted = rows.filter((row) => row.targetPct !== null);
        if (targeted.length === 0) return null;
        return (
          <table key={title} className={classes['sums']}>
            <caption className="sr-only">{t`Drift that remains: ${title}, ${portfolio.name}`}</caption>
            <thead>
              <tr>
                <th scope="col">{title}</th>
                <th scope="col">{t`Target, %`}</th>
                <th scope="col">{t`After, %`}</th>
                <th scope="col">{t`Drift before`}</th>
                <th scope="col">{t`Drift after`}</th>
              </tr>
            </thead>
            <tbody>
              {targeted.map((row) => {
                const was = before.find((one) => one.name === row.name)?.driftPct ?? null;
                const part = partOf(row);
                return (
                  <tr key={row.name}>
                    <th scope="row">{row.name}</th>
                    <td>{part.targetPct !== null && format.percentFigure(part.targetPct)}</td>
                    <td>{part.actualPct !== null && format.percentFigure(part.actualPct)}</td>
                    <td>{was !== null && <DriftFigure points={was} />}</td>
                    <td>
                      {part.driftPct !== null && (
                        <DriftFigure points={part.driftPct} how={() => driftHow(part, figures, format)} />
                      )}
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        );
      })}
    </div>
  );
};
