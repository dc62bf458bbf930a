import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, Button } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import { Empty, Loaded, PageHeader } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { decimalColumn, numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { InstrumentPicker } from '../instruments/instrument-picker.tsx';
import { instrumentTag } from '../instruments/queries.ts';
import { MarketsTabs } from '../instruments/tabs.tsx';
import ledger from '../ledger/ledger.module.css';
import { setWatched, watchlistQuery, type Watched } from './watchlist-queries.ts';

const Name = ({ one }: { one: Watched }) => (
  <span className={ledger['name']}>
    <Link to="/markets/$instrumentId" params={{ instrumentId: one.instrumentId }}>
      {one.name}
    </Link>
    <span className={ledger['under']}>
      {instrumentTag({ ...one, isin: null })} {one.note}
    </span>
  </span>
);

const Price = ({ one: { name, price } }: { one: Watched }) => {
  const { t } = useLingui();
  const format = useFormat();
  if (price === null) {
    return <Figure kind="price" value={null} missing={<Trans>no price yet</Trans>} />;
  }
  return (
    <Figure
      kind="price"
      value={price.quoted.close}
      unit={price.quoted.unit}
      stale={price.stale}
      how={() => ({
        title: name,
        formula: t`The newest price of the line, as published.`,
        source: price.source,
        asOf: format.time(price.dateTime),
      })}
    />
  );
};

const useColumns = (remove: (one: Watched) => void): readonly TableColumn<Watched>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({
        id: 'name',
        label: t`Instrument`,
        width: 220,
        read: (one: Watched) => one.name,
        cell: (one: Watched) => <Name one={one} />,
      }),
      {
        id: 'price',
        label: t`Price`,
        numeric: true,
        text: (one: Watched) => (one.price ? `${one.price.quoted.close} ${one.price.quoted.unit}` : ''),
        cell: (one: Watched) => <Price one={one} />,
      },
      numberColumn({
        id: 'change',
        label: t`Since yesterday`,
        unit: '%',
        read: (one: Watched) => one.dayChange?.pct ?? null,
        write: format.percentFigure,
        cell: (one: Watched) =>
          one.dayChange !== null && <Change kind="percent" bare value={one.dayChange.pct} />,
      }),
      decimalColumn({
        id: 'amount',
        label: t`Change`,
        read: (one: Watched) => one.dayChange?.amount ?? null,
        cell: (one: Watched) =>
          one.dayChange !== null &&
          one.price !== null && (
            <span>
              {format.price(one.dayChange.amount)} {one.price.currency}
            </span>
          ),
      }),
      textColumn({
        id: 'when',
        label: t`As of`,
        read: (one: Watched) => one.price?.dateTime ?? '',
        cell: (one: Watched) => one.price !== null && format.ago(one.price.dateTime),
      }),
      textColumn({
        id: 'remove',
        label: t`Actions`,
        read: () => '',
        cell: (one: Watched) => (
          <ActionIcon variant="subtle" aria-label={t`Stop watching ${one.name}`} onClick={() => remove(one)}>
            <IconX size={16} />
          </ActionIcon>
        ),
      }),
    ],
    [t, format, remove],
  );
};

const AddDialog = ({ onClose }: { onClose: () => void }) => {
  const client = useQueryClient();
  return (
    <Dialog title={<Trans>Watch an instrument</Trans>} onClose={onClose}>
      <InstrumentPicker
        label={<Trans>Instrument</Trans>}
        onPick={(one) => {
          void setWatched(client, { add: one.id }).then(onClose);
        }}
      />
    </Dialog>
  );
};

/** What the person watches without holding it. */
export const WatchlistPage = () => {
  const { t } = useLingui();
  const client = useQueryClient();
  const query = useQuery(watchlistQuery);
  const [adding, setAdding] = useState(false);
  const remove = useMemo(
    () =>
      (one: Watched): void => {
        void setWatched(client, { remove: one.id }).then(() =>
          toast(t`${one.name} is no longer watched.`, {
            undo: () => void setWatched(client, { add: one.instrumentId }),
          }),
        );
      },
    [client, t],
  );
  const columns = useColumns(remove);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      <Trans>Watch an instrument</Trans>
    </Button>
  );
  return (
    <>
      <PageHeader
        title={<Trans>Watchlist</Trans>}
        lead={<Trans>What you keep an eye on. Its prices are fetched as if you held it.</Trans>}
        actions={add}
      />
      <MarketsTabs />
      <Loaded query={query} lines={6}>
        {(items) => (
          <DataTable
            label={t`Watchlist`}
            columns={columns}
            rows={items}
            rowKey={(one) => one.id}
            exportName="watchlist"
            empty={
              <Empty title={<Trans>Nothing is watched yet</Trans>} actions={add}>
                <Trans>Add a fund, a share or anything else that has a price.</Trans>
              </Empty>
            }
          />
        )}
      </Loaded>
      {adding && <AddDialog onClose={() => setAdding(false)} />}
    </>
  );
};
