import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { deleteLater, useHidden } from '../../lib/deferred.ts';
import type { Format } from '../../lib/format.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import type { How } from '../../ui/how.tsx';
import { Empty, Loaded } from '../../ui/page.tsx';
import { decimalColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import classes from './ledger.module.css';
import { refreshFigures, tradesQuery, type Holding, type Trade } from './queries.ts';

const totalHow = (trade: Trade, format: Format): How => ({
  title: <Trans>What this trade moved</Trans>,
  formula:
    trade.type === 'sell' ? (
      <Trans>Quantity × price less fees, at the rate of the day.</Trans>
    ) : (
      <Trans>Quantity × price plus fees, at the rate of the day.</Trans>
    ),
  inputs: [
    { label: <Trans>Quantity</Trans>, value: format.quantity(trade.qty) },
    {
      label: <Trans>Price</Trans>,
      value: `${format.price(trade.quoted.price)} ${trade.quoted.unit}`,
      ...(trade.quoted.unit === trade.currency
        ? {}
        : { note: `= ${format.price(trade.price)} ${trade.currency}` }),
    },
    { label: <Trans>Fees</Trans>, value: format.money(trade.fees, trade.currency) },
    ...(trade.currency === trade.totalCurrency
      ? []
      : [
          {
            label: (
              <Trans>
                {trade.currency} to {trade.totalCurrency}
              </Trans>
            ),
            value: format.rate(trade.fxRate),
            note: trade.fxSource,
          },
        ]),
  ],
});

const useTypeWords = (): ((type: Trade['type']) => string) => {
  const { t } = useLingui();
  return (type) =>
    ({
      buy: t`Buy`,
      sell: t`Sell`,
      opening: t`Opening`,
      dividend: t`Dividend`,
      interest: t`Interest`,
      fee: t`Fee`,
      tax: t`Tax`,
      split: t`Split`,
      deposit: t`Deposit`,
      withdrawal: t`Withdrawal`,
      transfer_in: t`Transfer in`,
      transfer_out: t`Transfer out`,
    })[type];
};

type Acts = { readonly onEdit: (trade: Trade) => void; readonly onDelete: (trade: Trade) => void };

const TotalCell = ({ trade }: { trade: Trade }) => {
  const format = useFormat();
  return (
    <Figure
      kind="money"
      bare
      value={trade.total}
      currency={trade.totalCurrency}
      how={() => totalHow(trade, format)}
    />
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
        onClick={() => acts.onEdit(trade)}
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

const useColumns = (unit: string, acts: Acts | undefined): readonly TableColumn<Trade>[] => {
  const { t } = useLingui();
  const format = useFormat();
  const words = useTypeWords();
  const columns: TableColumn<Trade>[] = [
    textColumn({
      id: 'date',
      label: t`Day`,
      width: 104,
      read: (one: Trade) => one.date,
      cell: (one: Trade) => format.day(one.date),
    }),
    textColumn({ id: 'type', label: t`Trade`, read: (one: Trade) => words(one.type) }),
    decimalColumn({
      id: 'qty',
      label: t`Quantity`,
      read: (one: Trade) => one.qty,
      cell: (one) => format.quantity(one.qty),
    }),
    {
      id: 'price',
      label: t`Price`,
      numeric: true,
      text: (one) => `${one.quoted.price} ${one.quoted.unit}`,
      cell: (one) => <Figure kind="price" value={one.quoted.price} unit={one.quoted.unit} />,
    },
    {
      id: 'fees',
      label: t`Fees`,
      numeric: true,
      text: (one) => `${one.fees} ${one.currency}`,
      cell: (one) => format.money(one.fees, one.currency),
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
    { id: 'notes', label: t`Notes`, text: (one) => one.notes ?? '', cell: (one) => one.notes },
  ];
  return acts
    ? [
        ...columns,
        {
          id: 'act',
          quiet: true,
          label: t`Change`,
          text: () => '',
          cell: (one) => <RowActions trade={one} acts={acts} />,
        },
      ]
    : columns;
};

type TradesTableProps = {
  readonly holding: Holding;
  readonly editable: boolean;
  readonly onEdit: (trade: Trade) => void;
};

/** Trades of a holding, newest first, with the quantity and cost after each. */
export const TradesTable = ({ holding, editable, onEdit }: TradesTableProps) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const hidden = useHidden();
  const query = useQuery(tradesQuery(holding.id));
  const remove = (trade: Trade): void =>
    deleteLater({
      id: trade.id,
      message: t`The trade is deleted; quantity and cost will follow.`,
      act: () => api('DELETE /api/trades/:id', { params: { id: trade.id }, version: trade.version }),
      after: () => refreshFigures(client),
      refused: (error) => (error instanceof Error ? error.message : t`The trade could not be deleted.`),
    });
  const columns = useColumns(holding.costCurrency, editable ? { onEdit, onDelete: remove } : undefined);
  return (
    <Loaded query={query}>
      {(trades) => (
        <DataTable
          label={t`Trades`}
          columns={columns}
          rows={trades.filter((trade) => !hidden.has(trade.id))}
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
