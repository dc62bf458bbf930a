import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import { decimalColumn, numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import classes from './allocation.module.css';
import { DriftFigure } from './drift-figure.tsx';
import { actualHow, driftHow, type Part } from './how.tsx';
import type { Allocation } from './queries.ts';

export const BY = ['section', 'theme', 'account', 'holding'] as const;
export type By = (typeof BY)[number];

/** A part with what stands under its name, and where it leads. */
export type DriftRow = Part & {
  readonly key: string;
  readonly under?: string | undefined;
  readonly holdingId?: string | undefined;
  /** How many holdings in it have no value. */
  readonly missing: number;
};

/** The rows of one division. */
export const rowsBy = (allocation: Allocation, by: By): DriftRow[] => {
  if (by === 'holding') {
    return allocation.holdings.map((one) => ({
      ...one,
      key: one.holdingId,
      under: [one.account, one.theme].join(' · '),
      missing: one.unitPrice === null ? 1 : 0,
    }));
  }
  if (by === 'theme') {
    return allocation.themes.map((one) => ({
      ...one,
      key: one.name,
      under: one.section ?? undefined,
      missing: one.missingCount,
    }));
  }
  const parts = by === 'section' ? allocation.sections : allocation.accounts;
  return parts.map((one) => ({ ...one, key: one.name, missing: one.missingCount }));
};

/** Bars of actual and target on one scale: the bar is what is there, the mark what should be. */
const Bars = ({ row, longest }: { row: Part; longest: number }) => {
  const at = (percent: number): string => `${Math.max(0, Math.min(100, (percent / longest) * 100))}%`;
  return (
    <span className={classes['track']} aria-hidden>
      <span className={classes['bar']} style={{ inlineSize: at(row.actualPct ?? 0) }} />
      {row.targetPct !== null && (
        <span className={classes['mark']} style={{ insetInlineStart: at(row.targetPct) }} />
      )}
    </span>
  );
};

const Name = ({ row, longest }: { row: DriftRow; longest: number }) => (
  <span className={classes['name']}>
    {row.holdingId === undefined ? (
      <span>{row.name}</span>
    ) : (
      <Link to="/holdings/$holdingId" params={{ holdingId: row.holdingId }}>
        {row.name}
      </Link>
    )}
    {(row.under !== undefined || row.missing > 0) && (
      <span className={classes['under']}>
        {row.under}{' '}
        {row.missing > 0 && (
          <Tag>
            <Trans>no price</Trans>
          </Tag>
        )}
      </span>
    )}
    <Bars row={row} longest={longest} />
  </span>
);

/** What a part is worth and should be worth. */
const useAmountColumns = (allocation: Allocation): TableColumn<DriftRow>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(() => {
    const { currency } = allocation;
    return [
      decimalColumn({
        id: 'value',
        label: t`Value`,
        unit: currency,
        read: (row) => row.value,
        cell: (row) => <Figure kind="money" bare value={row.value} currency={currency} />,
      }),
      decimalColumn({
        id: 'amount',
        label: t`Target`,
        unit: currency,
        read: (row) => row.target,
        cell: (row) =>
          row.target !== null && <Figure kind="money" bare value={row.target} currency={currency} />,
      }),
      decimalColumn({
        id: 'difference',
        label: t`Over or under`,
        unit: currency,
        read: (row) => row.drift,
        cell: (row) =>
          row.drift !== null && (
            <DriftFigure
              amount={row.drift}
              currency={currency}
              how={() => driftHow(row, allocation, format)}
            />
          ),
      }),
    ];
  }, [t, format, allocation]);
};

const useShareColumns = (allocation: Allocation, longest: number): TableColumn<DriftRow>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(() => {
    const noTarget = <Trans>no target</Trans>;
    return [
      textColumn({
        id: 'name',
        label: t`Name`,
        width: 210,
        read: (row) => row.name,
        cell: (row) => <Name row={row} longest={longest} />,
      }),
      {
        ...numberColumn<DriftRow>({
          id: 'drift',
          label: t`Drift`,
          unit: t`points`,
          read: (row) => row.driftPct,
          write: format.percentFigure,
          cell: (row) =>
            row.driftPct !== null && (
              <DriftFigure points={row.driftPct} how={() => driftHow(row, allocation, format)} />
            ),
        }),
        // The furthest away first, whichever way it went.
        compare: (one, other) => Math.abs(one.driftPct ?? 0) - Math.abs(other.driftPct ?? 0),
      },
      numberColumn({
        id: 'actual',
        label: t`Actual`,
        unit: '%',
        read: (row) => row.actualPct,
        write: format.percentFigure,
        cell: (row) => (
          <Figure kind="percent" bare value={row.actualPct} how={() => actualHow(row, allocation, format)} />
        ),
      }),
      numberColumn({
        id: 'target',
        label: t`Target`,
        unit: '%',
        read: (row) => row.targetPct,
        write: format.percentFigure,
        cell: (row) => <Figure kind="percent" bare value={row.targetPct} missing={noTarget} />,
      }),
    ];
  }, [t, format, allocation, longest]);
};

/** Actual against target, the furthest away first. */
export const DriftTable = (props: {
  allocation: Allocation;
  by: By;
  label: string;
  exportName: string;
  tools?: ReactNode;
}) => {
  const rows = useMemo(() => rowsBy(props.allocation, props.by), [props.allocation, props.by]);
  const longest = Math.max(1, ...rows.flatMap((row) => [row.actualPct ?? 0, row.targetPct ?? 0]));
  const columns = [...useShareColumns(props.allocation, longest), ...useAmountColumns(props.allocation)];
  return (
    <DataTable
      label={props.label}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.key}
      sort={{ id: 'drift', desc: true }}
      exportName={props.exportName}
      tools={props.tools}
    />
  );
};
