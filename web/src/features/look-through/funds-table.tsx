import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';

import { CoverageBar, FundBadge, Tag } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { darkPct, issuerPage } from './funds.ts';
import classes from './look-through.module.css';
import type { Exposure } from './queries.ts';

type Fund = Exposure['funds'][number];

const FundName = ({ fund }: { fund: Fund }) => (
  <span className={classes['company']}>
    <Link to="/markets/$instrumentId" params={{ instrumentId: fund.instrumentId }}>
      {fund.name}
    </Link>
    <span className={classes['under']}>{fund.ticker}</span>
    {fund.treatedAs && (
      <span className={classes['under']}>
        <Tag tone="warn">
          <Trans>assumption</Trans>
        </Tag>{' '}
        <Trans>
          treated as{' '}
          <Link to="/markets/$instrumentId" params={{ instrumentId: fund.treatedAs.instrumentId }}>
            {fund.treatedAs.name}
          </Link>
        </Trans>
      </span>
    )}
  </span>
);

/** Where a newer file comes from: the issuer's page where it is known, then the import page. */
const WayOn = ({ fund }: { fund: Fund }) => {
  const page = issuerPage(fund);
  return (
    <span className={classes['under']}>
      {page !== null && (
        <>
          <a href={page} target="_blank" rel="noreferrer">
            <Trans>Issuer’s page</Trans>
          </a>
          {' · '}
        </>
      )}
      <Link to="/imports">
        <Trans>Import its file</Trans>
      </Link>
    </span>
  );
};

const useCadence = (): Readonly<Record<NonNullable<Fund['cadence']>, string>> => {
  const { t } = useLingui();
  return {
    daily: t`published daily`,
    weekly: t`published weekly`,
    monthly: t`published monthly`,
    quarterly: t`published quarterly`,
  };
};

const FundDay = ({ fund }: { fund: Fund }) => {
  const cadence = useCadence();
  return (
    <span className={classes['fundDay']}>
      <span>
        <FundBadge asOf={fund.lookedThrough ? fund.asOf : null} />{' '}
        {fund.stale && (
          <Tag tone="warn">
            <Trans>out of date</Trans>
          </Tag>
        )}
      </span>
      {fund.ageDays !== null && (
        <span className={classes['under']}>
          <Plural value={fund.ageDays} _0="of the same day" one="# day old" other="# days old" />
          {fund.cadence !== null && `, ${cadence[fund.cadence]}`}
        </span>
      )}
      {(fund.stale || !fund.lookedThrough) && <WayOn fund={fund} />}
    </span>
  );
};

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
      numberColumn({
        id: 'dark',
        label: t`Not looked through`,
        unit: t`% of the whole`,
        read: darkPct,
        write: format.percentFigure,
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
