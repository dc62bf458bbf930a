import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { dec, decimalText } from '@pm/domain/money';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import { Empty, Loaded } from '../../ui/page.tsx';
import { decimalColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { tradeHow } from './ledger-how.tsx';
import classes from './ledger.module.css';
import { tradesQuery, type Holding, type Trade } from './queries.ts';
import { useRemoval } from './removal.ts';
import { useTradeWords } from './trade-words.tsx';

type Acts = {
  readonly editable: boolean;
  readonly onEdit: (trade: Trade) => void;
  readonly onDelete: (trade: Trade) => void;
  /** Shows everything that belongs to the event of this trade. */
  readonly onParts: (trade: Trade) => void;
};

const TotalCell = ({ trade }: { trade: Trade }) => {
  const format = useFormat();
  return (
    trade.type !== 'split' && (
      <Figure
        kind="money"
        bare
        value={trade.total}
        currency={trade.totalCurrency}
        how={() => tradeHow(trade, format)}
      />
    )
  );
};

const TypeCell = ({ trade, acts }: { trade: Trade; acts: Acts }) => {
  const { t } = useLingui();
  const format = useFormat();
  const words = useTradeWords();
  const day = format.day(trade.date);
  return (
    <>
      {words(trade)}
      {trade.eventId !== null && (
        <button
          type="button"
          className={classes['parts']}
          aria-label={t`All parts of the trade of ${day}`}
          onClick={() => acts.onParts(trade)}
        >
          <Trans>all parts</Trans>
        </button>
      )}
    </>
  );
};

const RowActions = ({ trade, acts }: { trade: Trade; acts: Acts }) => {
  const { t } = useLingui();
  const format = useFormat();
  const day = format.day(trade.date);
  return (
    <span className={classes['rowActions']}>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={t`Correct the trade of ${day}`}
        onClick={() => (trade.leg === 'primary' ? acts.onEdit(trade) : acts.onParts(trade))}
      >
        <IconPencil size={15} />
      </ActionIcon>
      <ActionIcon
        size="sm"
        variant="subtle"
        color="gray"
        aria-label={t`Delete the trade of ${day}`}
        onClick={() => acts.onDelete(trade)}
      >
        <IconTrash size={15} />
      </ActionIcon>
    </span>
  );
};

const isZero = (amount: string): boolean => !/[1-9]/.test(amount);
const charges = (trade: Trade): string => decimalText(dec(trade.fees).plus(trade.taxes));

const PriceCell = ({ trade }: { trade: Trade }) => {
  if (trade.split) {
    return (
      <Trans>
        {trade.split.numerator} for {trade.split.denominator}
      </Trans>
    );
  }
  return !isZero(trade.price) && <Figure kind="price" value={trade.quoted.price} unit={trade.quoted.unit} />;
};

const useFigureColumns = (unit: string): readonly TableColumn<Trade>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return [
    decimalColumn({
      id: 'qty',
      label: t`Quantity`,
      read: (one: Trade) => one.qty,
      cell: (one) => !isZero(one.qty) && format.quantity(one.qty),
    }),
    {
      id: 'price',
      label: t`Price`,
      numeric: true,
      text: (one) =>
        one.split
          ? `${String(one.split.numerator)}:${String(one.split.denominator)}`
          : `${one.quoted.price} ${one.quoted.unit}`,
      cell: (one) => <PriceCell trade={one} />,
    },
    {
      id: 'fees',
      label: t`Fees, taxes`,
      numeric: true,
      text: (one) => `${charges(one)} ${one.currency}`,
      cell: (one) => !isZero(charges(one)) && format.money(charges(one), one.currency),
    },
    decimalColumn({
      id: 'total',
      label: t`Total`,
      unit,
      read: (one: Trade) => one.total,
      cell: (one) => <TotalCell trade={one} />,
    }),
    {
      id: 'running',
      label: t`Held after`,
      numeric: true,
      text: (one) => one.running.qty,
      cell: (one) => format.quantity(one.running.qty),
    },
    {
      id: 'cost',
      label: t`Cost after`,
      unit,
      numeric: true,
      text: (one) => one.running.costBasis,
      cell: (one) => format.amount(one.running.costBasis, unit),
    },
    decimalColumn({
      id: 'realised',
      label: t`Realised`,
      unit,
      read: (one: Trade) => one.realised,
      cell: (one) =>
        !isZero(one.realised) && <Change kind="money" bare value={one.realised} currency={unit} />,
    }),
  ];
};

const useColumns = (unit: string, acts: Acts): readonly TableColumn<Trade>[] => {
  const { t } = useLingui();
  const format = useFormat();
  const words = useTradeWords();
  const figures = useFigureColumns(unit);
  return [
    textColumn({
      id: 'date',
      label: t`Day`,
      width: 104,
      read: (one: Trade) => one.date,
      cell: (one: Trade) => format.day(one.date),
    }),
    textColumn({
      id: 'type',
      label: t`Trade`,
      read: words,
      cell: (one: Trade) => <TypeCell trade={one} acts={acts} />,
    }),
    ...figures,
    { id: 'notes', label: t`Notes`, text: (one) => one.notes ?? '', cell: (one) => one.notes },
    ...(acts.editable
      ? [
          {
            id: 'act',
            quiet: true,
            label: t`Change`,
            text: () => '',
            cell: (one: Trade) => <RowActions trade={one} acts={acts} />,
          },
        ]
      : []),
  ];
};

type TradesTableProps = {
  readonly holding: Holding;
  readonly editable: boolean;
  readonly onEdit: (trade: Trade) => void;
  readonly onParts: (trade: Trade) => void;
};

/** Trades of a holding, newest first, with the quantity and cost after each. */
export const TradesTable = ({ holding, editable, onEdit, onParts }: TradesTableProps) => {
  const { t } = useLingui();
  const removal = useRemoval();
  const query = useQuery(tradesQuery(holding.id));
  const columns = useColumns(holding.costCurrency, {
    editable,
    onEdit,
    onParts,
    onDelete: (trade) => void removal.trade(trade),
  });
  return (
    <Loaded query={query}>
      {(trades) => (
        <DataTable
          label={t`Trades`}
          columns={columns}
          rows={trades}
          rowKey={(one) => one.id}
          exportName="trades"
          empty={
            <Empty title={<Trans>No trades yet</Trans>}>
              <Trans>Record the first buy; quantity and cost follow from the trades.</Trans>
            </Empty>
          }
        />
      )}
    </Loaded>
  );
};
