import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { DataTable, type TableGroup } from '../../ui/data-table.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import {
  decimalColumn,
  numberColumn,
  textColumn,
  type TableColumn,
  type TableSort,
} from '../../ui/table-model.ts';
import { instrumentTag } from '../instruments/queries.ts';
import { costHow, gainHow, valueHow } from '../valuation/provenance.tsx';
import { shareOf, sumOf } from '../valuation/sums.ts';
import classes from './ledger.module.css';
import type { Holding } from './queries.ts';

export type Grouping = 'section' | 'theme' | 'account' | 'none';

const nameOf = (holding: Holding): string => holding.instrument?.name ?? '—';

const counted = (holdings: readonly Holding[]): string[] =>
  holdings.flatMap(({ include, valuation }) =>
    include && valuation.value !== null ? [valuation.value] : [],
  );

const HoldingName = ({ holding, by }: { holding: Holding; by: Grouping }) => {
  const { section, theme, account, instrument, include } = holding;
  const places = [
    by === 'section' ? '' : section,
    by === 'theme' ? '' : theme,
    by === 'account' ? '' : account,
  ];
  const under = [instrument ? (instrumentTag(instrument).split(' · ')[0] ?? '') : '', ...places].filter(
    (part) => part !== '',
  );
  return (
    <span className={classes['name']}>
      <Link to="/holdings/$holdingId" params={{ holdingId: holding.id }}>
        {nameOf(holding)}
      </Link>
      <span className={classes['under']}>
        {under.join(' · ')}{' '}
        {!include && (
          <Tag>
            <Trans>not counted</Trans>
          </Tag>
        )}
      </span>
    </span>
  );
};

const MissingValue = ({ what }: { what: Holding['valuation']['missing'] }) => {
  if (what === 'rate') return <Trans>no rate</Trans>;
  return what === 'instrument' ? <Trans>no instrument</Trans> : <Trans>no price</Trans>;
};

const ValueCell = ({ holding }: { holding: Holding }) => {
  const format = useFormat();
  const { value, currency, missing, price } = holding.valuation;
  return (
    <Figure
      kind="money"
      bare
      value={value}
      currency={currency}
      missing={<MissingValue what={missing} />}
      stale={price?.stale}
      how={() => valueHow(holding, format)}
    />
  );
};

const GainCell = ({ holding }: { holding: Holding }) => {
  const format = useFormat();
  const { gain, currency } = holding.valuation;
  return (
    gain !== null && (
      <Change kind="money" bare value={gain} currency={currency} how={() => gainHow(holding, format)} />
    )
  );
};

const CostCell = ({ holding }: { holding: Holding }) => {
  const format = useFormat();
  return (
    <Figure
      kind="money"
      bare
      value={holding.costBasis}
      currency={holding.costCurrency}
      how={() => costHow(holding, format)}
    />
  );
};

const PriceCell = ({ holding }: { holding: Holding }) => {
  const { price } = holding.valuation;
  return (
    price !== null &&
    price.kind !== 'cash' && <Figure kind="price" value={price.quoted.close} unit={price.quoted.unit} />
  );
};

const useColumns = (unit: string, total: string, by: Grouping): readonly TableColumn<Holding>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(() => {
    const share = ({ include, valuation }: Holding): number | null =>
      valuation.value === null || !include ? null : shareOf(valuation.value, total);
    const quoted = ({ valuation }: Holding): string =>
      valuation.price ? `${valuation.price.quoted.close} ${valuation.price.quoted.unit}` : '';
    return [
      textColumn({
        id: 'name',
        label: t`Holding`,
        width: 210,
        read: nameOf,
        cell: (one: Holding) => <HoldingName holding={one} by={by} />,
      }),
      decimalColumn({
        id: 'value',
        label: t`Value`,
        unit,
        read: (one) => one.valuation.value,
        cell: (one) => <ValueCell holding={one} />,
      }),
      numberColumn({ id: 'share', label: t`Share`, unit: '%', read: share, write: format.percentFigure }),
      decimalColumn({
        id: 'qty',
        label: t`Quantity`,
        read: (one) => one.qty,
        cell: (one) => format.quantity(one.qty),
      }),
      {
        id: 'price',
        label: t`Price`,
        numeric: true,
        text: quoted,
        cell: (one) => <PriceCell holding={one} />,
      },
      decimalColumn({
        id: 'gain',
        label: t`Gain`,
        unit,
        read: (one) => one.valuation.gain,
        cell: (one) => <GainCell holding={one} />,
      }),
      numberColumn({
        id: 'gainPct',
        label: t`Gain`,
        unit: '%',
        read: (one) => one.valuation.gainPct,
        write: format.percentFigure,
        cell: (one) =>
          one.valuation.gainPct !== null && <Change kind="percent" bare value={one.valuation.gainPct} />,
      }),
      decimalColumn({
        id: 'cost',
        label: t`Cost`,
        unit,
        read: (one) => one.costBasis,
        cell: (one) => <CostCell holding={one} />,
      }),
    ];
  }, [t, format, unit, total, by]);
};

const groupsOf = (
  rows: readonly Holding[],
  by: 'section' | 'theme' | 'account',
  order: readonly string[],
): [string, Holding[]][] => {
  const groups = new Map<string, Holding[]>();
  for (const row of rows) groups.set(row[by], [...(groups.get(row[by]) ?? []), row]);
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...groups].toSorted(([one], [other]) => place(one) - place(other));
};

type HoldingsTableProps = {
  readonly holdings: readonly Holding[];
  readonly currency: string;
  readonly by: Grouping;
  /** Names of the grouping in the portfolio's own order. */
  readonly order: readonly string[];
  readonly sort: TableSort | undefined;
  readonly onSort: (sort: TableSort) => void;
  readonly tools: ReactNode;
  readonly empty: ReactNode;
  readonly exportName: string;
};

/** A portfolio's holdings, grouped with subtotals; each figure explains itself. */
export const HoldingsTable = (props: HoldingsTableProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { holdings, currency, by, order } = props;
  const total = useMemo(() => sumOf(counted(holdings)), [holdings]);
  const columns = useColumns(currency, total, by);
  const totals = (rows: readonly Holding[]): Record<string, ReactNode> => {
    const value = sumOf(counted(rows));
    const gains = rows.flatMap(({ include, valuation }) =>
      include && valuation.gain !== null ? [valuation.gain] : [],
    );
    const costs = rows.filter((row) => row.include).map((row) => row.costBasis);
    return {
      value: <Figure kind="money" bare value={value} currency={currency} />,
      share: format.percentFigure(shareOf(value, total)),
      gain: <Change kind="money" bare value={sumOf(gains)} currency={currency} />,
      cost: <Figure kind="money" bare value={sumOf(costs)} currency={currency} />,
    };
  };
  const groupBy = (rows: readonly Holding[]): TableGroup<Holding>[] =>
    by === 'none'
      ? []
      : groupsOf(rows, by, order).map(([key, members]) => ({
          key,
          title: key,
          rows: members,
          totals: totals(members),
        }));
  return (
    <DataTable
      label={t`Holdings`}
      columns={columns}
      rows={holdings}
      rowKey={(one) => one.id}
      sort={props.sort}
      onSort={props.onSort}
      groupBy={by === 'none' ? undefined : groupBy}
      totals={totals(holdings)}
      tools={props.tools}
      empty={props.empty}
      exportName={props.exportName}
      muted={(one) => !one.include}
    />
  );
};
