import { Trans, useLingui } from '@lingui/react/macro';
import { dec, decimalText } from '@pm/domain/money';
import { useFormat } from '../../lib/preferences.tsx';
import { Figure } from '../../ui/figure.tsx';
import type { How } from '../../ui/how.tsx';
import { Note } from '../../ui/page.tsx';
import { MissingList } from '../valuation/missing-list.tsx';
import classes from './compare.module.css';
import type { Comparison, Side } from './draft-queries.ts';

const less = (one: string | null, other: string | null): string | null =>
  one === null || other === null ? null : decimalText(dec(one).minus(dec(other)));

const lessPct = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : one - other;

const useValueHow = (found: Comparison): (() => How) => {
  const format = useFormat();
  const { right, rate, currency } = found;
  return () => ({
    title: <Trans>Value of {right.name}</Trans>,
    formula: <Trans>Its own value × the rate of the day, so that both can be compared in {currency}</Trans>,
    inputs: [
      { label: <Trans>Its own value</Trans>, value: format.money(right.ownValue, right.baseCurrency) },
      ...(rate === null
        ? []
        : [
            {
              label: `${rate.from} → ${rate.to}`,
              value: format.rate(rate.rate),
              note: `${rate.source}, ${format.day(rate.date)}`,
            },
          ]),
    ],
  });
};

const ValueRow = ({ found }: { found: Comparison }) => {
  const { left, right, currency } = found;
  const how = useValueHow(found);
  return (
    <tr>
      <th scope="row">
        <Trans>Value</Trans>
      </th>
      <td>
        <Figure kind="money" value={left.value} currency={currency} />
      </td>
      <td>
        <Figure
          kind="money"
          value={right.value}
          currency={currency}
          missing={<Trans>no rate</Trans>}
          {...(found.rate !== null && { how })}
        />
      </td>
      <td>
        <Figure kind="money" signed value={less(right.value, left.value)} currency={currency} missing="–" />
      </td>
    </tr>
  );
};

type PctRow = { readonly label: string; readonly read: (side: Side) => number | null };

const CostRow = ({ found: { left, right, currency } }: { found: Comparison }) => (
  <tr>
    <th scope="row">
      <Trans>Charges of funds a year</Trans>
    </th>
    <td>
      <Figure kind="money" value={left.yearlyCost} currency={currency} missing={<Trans>not known</Trans>} />
    </td>
    <td>
      <Figure kind="money" value={right.yearlyCost} currency={currency} missing={<Trans>not known</Trans>} />
    </td>
    <td>
      <Figure
        kind="money"
        signed
        value={less(right.yearlyCost, left.yearlyCost)}
        currency={currency}
        missing="–"
      />
    </td>
  </tr>
);

/** The figures of both sides, and how far apart they are. */
export const ComparedFigures = ({ found }: { found: Comparison }) => {
  const { t } = useLingui();
  const { left, right } = found;
  const rows: readonly PctRow[] = [
    { label: t`Ongoing charge`, read: (side) => side.ocfPct },
    { label: t`Share whose charge is known`, read: (side) => side.ocfKnownPct },
    { label: t`Drift from its section targets`, read: (side) => side.driftPct },
    { label: t`Looked through`, read: (side) => side.coveragePct },
  ];
  return (
    <table className={classes['figures']}>
      <caption className="sr-only">{t`Both side by side`}</caption>
      <thead>
        <tr>
          <td />
          <th scope="col">
            {left.name} <span className={classes['swatch']} aria-hidden />
          </th>
          <th scope="col">
            {right.name} <span className={classes['swatch']} data-right aria-hidden />
          </th>
          <th scope="col">
            <Trans>Difference</Trans>
          </th>
        </tr>
      </thead>
      <tbody>
        <ValueRow found={found} />
        <CostRow found={found} />
        {rows.map(({ label, read }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>
              <Figure kind="percent" value={read(left)} missing="–" />
            </td>
            <td>
              <Figure kind="percent" value={read(right)} missing="–" />
            </td>
            <td>
              <Figure kind="percent" signed value={lessPct(read(right), read(left))} missing="–" />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** What both have in common, in words. */
export const InCommon = ({ found }: { found: Comparison }) => {
  const format = useFormat();
  const { overlap, movedPct, left, right } = found;
  return (
    <>
      <p className={classes['note']}>
        <Trans>
          In common: {format.percent(overlap.holdingsPct)} by what they hold,{' '}
          {format.percent(overlap.companiesPct)} by the companies behind it. To turn {left.name} into{' '}
          {right.name}, {format.percent(movedPct)} of it would have to move.
        </Trans>
      </p>
      {right.weightsFrom === 'targets' && (
        <p className={classes['note']}>
          <Trans>{right.name} is a model: its target percentages count, not quantities.</Trans>
        </p>
      )}
    </>
  );
};

/** What the comparison leaves out, side by side. */
export const Gaps = ({ found: { left, right } }: { found: Comparison }) => (
  <>
    {[left, right].map(
      (side) =>
        side.missing.length > 0 && (
          <Note key={side.portfolioId} tone="warn" title={<Trans>Left out of {side.name}</Trans>}>
            <MissingList missing={side.missing} />
          </Note>
        ),
    )}
  </>
);
