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
import { useColumnWords } from './column-menu.tsx';
import { isShown, PLACES, shownColumns, type PlaceId, type Stored } from './columns.ts';
import type { Holding, ListedGain } from './queries.ts';

export type Grouping = 'section' | 'theme' | 'account' | 'none';

const nameOf = (holding: Holding): string => holding.name;

const counted = (holdings: readonly Holding[]): string[] =>
  holdings.flatMap(({ include, valuation }) =>
    include && valuation.value !== null ? [valuation.value] : [],
  );

const HoldingName = ({ holding, by, stored }: { holding: Holding; by: Grouping; stored: Stored }) => {
  const { instrument, include } = holding;
  const places = PLACES.filter((place) => place !== by && isShown(stored, place)).map(
    (place) => holding[place],
  );
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

type Shown = {
  readonly unit: string;
  readonly total: string;
  readonly by: Grouping;
  readonly stored: Stored;
  readonly gains: ReadonlyMap<string, ListedGain> | undefined;
};

/** The columns of money that every list of holdings has. */
const useMoneyColumns = ({ unit, total }: Shown): Record<MoneyColumn, TableColumn<Holding>> => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(() => {
    const share = ({ include, valuation }: Holding): number | null =>
      valuation.value === null || !include ? null : shareOf(valuation.value, total);
    const quoted = ({ valuation }: Holding): string =>
      valuation.price ? `${valuation.price.quoted.close} ${valuation.price.quoted.unit}` : '';
    return {
      value: decimalColumn({
        id: 'value',
        label: t`Value`,
        unit,
        read: (one) => one.valuation.value,
        cell: (one) => <ValueCell holding={one} />,
      }),
      share: numberColumn({
        id: 'share',
        label: t`Share`,
        unit: '%',
        read: share,
        write: format.percentFigure,
      }),
      qty: decimalColumn({
        id: 'qty',
        label: t`Quantity`,
        read: (one) => one.qty,
        cell: (one) => format.quantity(one.qty),
      }),
      price: {
        id: 'price',
        label: t`Price`,
        numeric: true,
        text: quoted,
        cell: (one) => <PriceCell holding={one} />,
      },
      gain: decimalColumn({
        id: 'gain',
        label: t`Gain`,
        unit,
        read: (one) => one.valuation.gain,
        cell: (one) => <GainCell holding={one} />,
      }),
      gainPct: numberColumn({
        id: 'gainPct',
        label: t`Gain`,
        unit: '%',
        read: (one) => one.valuation.gainPct,
        write: format.percentFigure,
        cell: (one) =>
          one.valuation.gainPct !== null && <Change kind="percent" bare value={one.valuation.gainPct} />,
      }),
      cost: decimalColumn({
        id: 'cost',
        label: t`Cost`,
        unit,
        read: (one) => one.costBasis,
        cell: (one) => <CostCell holding={one} />,
      }),
      avgCost: decimalColumn({
        id: 'avgCost',
        label: t`Average cost`,
        unit,
        read: (one) => one.avgCost,
        cell: (one) => one.avgCost !== null && format.price(one.avgCost),
      }),
    };
  }, [t, format, unit, total]);
};

/** What was gained since the first trade, by what became of it and by where it came from. */
const useGainColumns = ({ unit, gains }: Shown): Record<GainColumn, TableColumn<Holding>> => {
  const words = useColumnWords();
  const column = (id: GainColumn): TableColumn<Holding> => {
    const read = (one: Holding): string | null => gainFigure(gains?.get(one.id), id);
    return decimalColumn({
      id,
      label: words[id],
      unit,
      read,
      cell: (one) => {
        const value = read(one);
        return value !== null && <Change kind="money" bare value={value} currency={unit} />;
      },
    });
  };
  return {
    realised: column('realised'),
    income: column('income'),
    total: column('total'),
    byPrice: column('byPrice'),
    byCurrency: column('byCurrency'),
  };
};

type GainColumn = 'realised' | 'income' | 'total' | 'byPrice' | 'byCurrency';
type MoneyColumn = 'value' | 'share' | 'qty' | 'price' | 'gain' | 'gainPct' | 'cost' | 'avgCost';
const GAIN_COLUMNS: readonly GainColumn[] = ['realised', 'income', 'total', 'byPrice', 'byCurrency'];

const gainFigure = (one: ListedGain | undefined, id: GainColumn): string | null => {
  if (one === undefined) return null;
  const { gain, split } = one;
  return {
    realised: gain.realised,
    income: gain.incomeGain,
    total: gain.total,
    byPrice: split?.price ?? null,
    byCurrency: split?.currency ?? null,
  }[id];
};

const useWordColumns = (): Record<WordColumn, TableColumn<Holding>> => {
  const words = useColumnWords();
  const format = useFormat();
  const text = (id: WordColumn | PlaceId, read: (one: Holding) => string): TableColumn<Holding> =>
    textColumn({ id, label: words[id], read });
  return {
    section: text('section', (one) => one.section),
    theme: text('theme', (one) => one.theme),
    account: text('account', (one) => one.account),
    type: text('type', (one) => one.instrument?.type ?? ''),
    isin: text('isin', (one) => one.instrument?.isin ?? ''),
    target: numberColumn({
      id: 'target',
      label: words.target,
      unit: '%',
      read: (one) => one.targetPct,
      write: format.percentFigure,
    }),
    notes: text('notes', (one) => one.notes ?? ''),
  };
};
type WordColumn = PlaceId | 'type' | 'isin' | 'target' | 'notes';

/** The columns that are shown, and those of the exported file, which also says where each holding belongs. */
const useColumns = (shown: Shown) => {
  const { t } = useLingui();
  const all = { ...useMoneyColumns(shown), ...useGainColumns(shown), ...useWordColumns() };
  const { by, stored } = shown;
  const name = textColumn({
    id: 'name',
    label: t`Holding`,
    width: 210,
    read: nameOf,
    cell: (one: Holding) => <HoldingName holding={one} by={by} stored={stored} />,
  });
  const chosen = shownColumns(stored).map((id) => all[id]);
  return {
    fixed: { name: { ...name, cell: nameOf }, value: all.value, share: all.share },
    columns: [name, ...chosen],
    exported: [name, ...PLACES.map((place) => all[place]), ...chosen],
  };
};

const groupsOf = (
  rows: readonly Holding[],
  by: 'section' | 'theme' | 'account',
  order: readonly string[],
): [string, Holding[]][] => {
  const groups = new Map<string, Holding[]>();
  for (const row of rows) {
    const members = groups.get(row[by]);
    if (members) members.push(row);
    else groups.set(row[by], [row]);
  }
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...groups].toSorted(([one], [other]) => place(one) - place(other));
};

type HoldingsTableProps = {
  /** Columns to change holdings in, in place of those that were chosen. */
  readonly editing: readonly TableColumn<Holding>[] | undefined;
  readonly holdings: readonly Holding[];
  /** What each has gained since its first trade; fetched only when a column shows it. */
  readonly gains: ReadonlyMap<string, ListedGain> | undefined;
  /** Columns as the portfolio's settings have them. */
  readonly stored: Stored;
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

/** Sums of what was gained, over the holdings that count and of which it is known. */
const gainTotals = (
  rows: readonly Holding[],
  gains: ReadonlyMap<string, ListedGain> | undefined,
  currency: string,
): Record<string, ReactNode> => {
  if (gains === undefined) return {};
  const listed = rows.filter((row) => row.include).map((row) => gains.get(row.id));
  const sum = (id: GainColumn): string => sumOf(listed.flatMap((one) => gainFigure(one, id) ?? []));
  return Object.fromEntries(
    GAIN_COLUMNS.map((id) => [id, <Change key={id} kind="money" bare value={sum(id)} currency={currency} />]),
  );
};

/** A portfolio's holdings, grouped with subtotals; each figure explains itself. */
export const HoldingsTable = (props: HoldingsTableProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { holdings, gains, stored, currency, by, order } = props;
  const total = useMemo(() => sumOf(counted(holdings)), [holdings]);
  const { columns: chosen, exported, fixed } = useColumns({ unit: currency, total, by, stored, gains });
  const columns =
    props.editing === undefined ? chosen : [fixed.name, ...props.editing, fixed.value, fixed.share];
  const totals = (rows: readonly Holding[]): Record<string, ReactNode> => {
    const value = sumOf(counted(rows));
    const gained = rows.flatMap(({ include, valuation }) =>
      include && valuation.gain !== null ? [valuation.gain] : [],
    );
    const costs = rows.filter((row) => row.include).map((row) => row.costBasis);
    return {
      value: <Figure kind="money" bare value={value} currency={currency} />,
      share: format.percentFigure(shareOf(value, total)),
      gain: <Change kind="money" bare value={sumOf(gained)} currency={currency} />,
      cost: <Figure kind="money" bare value={sumOf(costs)} currency={currency} />,
      ...gainTotals(rows, gains, currency),
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
      exportColumns={exported}
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
