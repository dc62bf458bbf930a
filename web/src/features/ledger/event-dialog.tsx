import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Failure } from '../../ui/page.tsx';
import { textColumn, type TableColumn } from '../../ui/table-model.ts';
import classes from './ledger.module.css';
import { holdingQuery, tradeQuery, type Holding, type TradeEvent } from './queries.ts';
import { useRemoval } from './removal.ts';
import { useTradeWords } from './trade-words.tsx';

type Leg = TradeEvent['legs'][number];

const useColumns = (holdings: ReadonlyMap<string, Holding>): readonly TableColumn<Leg>[] => {
  const { t } = useLingui();
  const format = useFormat();
  const words = useTradeWords();
  const name = (leg: Leg): string => {
    const holding = holdings.get(leg.holdingId);
    return [holding?.name ?? '', holding?.account ?? ''].join(' · ');
  };
  return [
    textColumn({ id: 'type', label: t`Part`, width: 90, read: words }),
    textColumn({
      id: 'holding',
      label: t`Holding`,
      read: name,
      cell: (leg: Leg) => (
        <Link to="/holdings/$holdingId" params={{ holdingId: leg.holdingId }}>
          {name(leg)}
        </Link>
      ),
    }),
    textColumn({
      id: 'date',
      label: t`Day`,
      read: (leg: Leg) => leg.date,
      cell: (leg) => format.day(leg.date),
    }),
    {
      id: 'qty',
      label: t`Quantity`,
      numeric: true,
      text: (leg) => leg.qty,
      cell: (leg) => /[1-9]/.test(leg.qty) && format.quantity(leg.qty),
    },
    {
      id: 'total',
      label: t`Total`,
      numeric: true,
      text: (leg) => leg.total,
      cell: (leg) => <Figure kind="money" value={leg.total} currency={leg.totalCurrency} />,
    },
  ];
};

type EventDialogProps = {
  readonly tradeId: string;
  readonly editable: boolean;
  readonly onCorrect: (primary: Leg) => void;
  readonly onClose: () => void;
};

type BodyProps = EventDialogProps & {
  readonly event: TradeEvent;
  readonly holdings: ReadonlyMap<string, Holding>;
};

const EventBody = ({ event, holdings, editable, onCorrect, onClose }: BodyProps) => {
  const { t } = useLingui();
  const removal = useRemoval();
  const columns = useColumns(holdings);
  const primary = event.legs.find((leg) => leg.leg === 'primary');
  return (
    <>
      <p className={classes['aside']}>
        <Trans>These belong together: they are corrected and deleted as one.</Trans>
      </p>
      <DataTable label={t`Parts of the trade`} columns={columns} rows={event.legs} rowKey={(leg) => leg.id} />
      {editable && (
        <div className={classes['buttons']}>
          <Button
            color="rust"
            variant="outline"
            onClick={() => {
              void removal.trade(event);
              onClose();
            }}
          >
            <Trans>Delete all parts</Trans>
          </Button>
          {primary && (
            <Button onClick={() => onCorrect(primary)}>
              <Trans>Correct</Trans>
            </Button>
          )}
        </div>
      )}
    </>
  );
};

/** Everything that one event moved: the trade, its cash, the units that a dividend bought, the other end of a transfer. */
export const EventDialog = (props: EventDialogProps) => {
  const { data: event, error } = useQuery(tradeQuery(props.tradeId));
  const ids = [...new Set(event?.legs.map((leg) => leg.holdingId))];
  const found = useQueries({ queries: ids.map((id) => holdingQuery(id)) });
  const holdings = new Map(found.flatMap(({ data }) => (data ? [[data.id, data] as const] : [])));
  // It opens at its full height, so that nothing moves under the finger.
  if (error === null && (event === undefined || found.some((one) => one.isPending))) return null;
  return (
    <Dialog title={<Trans>All parts of this trade</Trans>} onClose={props.onClose} wide>
      {event ? <EventBody {...props} event={event} holdings={holdings} /> : <Failure error={error} />}
    </Dialog>
  );
};
