import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { CoverageBar, FundBadge } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import classes from './look-through.module.css';
import type { Exposure } from './queries.ts';

type Fund = Exposure['funds'][number];

const FundName = ({ fund }: { fund: Fund }) => (
  <span className={classes['company']}>
    <Link to="/markets/$instrumentId" params={{ instrumentId: fund.instrumentId }}>
      {fund.name}
    </Link>
    <span className={classes['under']}>{fund.ticker}</span>
  </span>
);

const FundDay = ({ fund }: { fund: Fund }) =>
  fund.lookedThrough ? (
    <FundBadge asOf={fund.asOf} />
  ) : (
    <Link to="/imports">
      <Trans>none: import its file</Trans>
    </Link>
  );

const useColumns = (): readonly TableColumn<Fund>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    (): readonly TableColumn<Fund>[] => [
      textColumn({
        id: 'name',
        label: t`Fund`,
        width: 200,
        read: (one: Fund) => one.name,
        cell: (one: Fund) => <FundName fund={one} />,
      }),
      numberColumn({
        id: 'weight',
        label: t`Share of the whole`,
        unit: '%',
        read: (one: Fund) => one.weightPct,
        write: format.percentFigure,
      }),
      textColumn({
        id: 'asOf',
        label: t`Constituents`,
        read: (one: Fund) => one.asOf ?? '',
        cell: (one: Fund) => <FundDay fund={one} />,
      }),
      numberColumn({
        id: 'sum',
        label: t`Weights sum to`,
        unit: '%',
        read: (one: Fund) => one.weightSumPct,
        write: format.percentFigure,
      }),
      numberColumn({
        id: 'coverage',
        label: t`Coverage`,
        read: (one: Fund) => one.coveragePct,
        write: format.percent,
        cell: (one: Fund) => <CoverageBar percent={one.coveragePct} label={one.name} />,
      }),
    ],
    [t, format],
  );
};

/** The files that the picture rests on: each fund's day, sum and coverage. */
export const FundsTable = ({ funds }: { funds: readonly Fund[] }) => {
  const { t } = useLingui();
  const columns = useColumns();
  return (
    <DataTable
      label={t`Funds looked through`}
      columns={columns}
      rows={funds}
      rowKey={(one) => one.instrumentId}
      exportName="funds"
    />
  );
};
