import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useFollow } from '../../lib/live.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { FundBadge, Tag } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Loaded, PageHeader, Section } from '../../ui/page.tsx';
import { textColumn, type TableColumn } from '../../ui/table-model.ts';
import ledger from '../ledger/ledger.module.css';
import { ExposureGlance } from '../look-through/glance.tsx';
import { exposureQuery } from '../look-through/queries.ts';
import { pricesQuery } from '../market-data/queries.ts';
import { Events, eventsQuery } from '../market-data/events.tsx';
import { PriceChart } from '../market-data/price-chart.tsx';
import { PriceDialog } from '../market-data/price-dialog.tsx';
import { SymbolsDialog } from '../market-data/symbols.tsx';
import { setWatched, watchlistQuery } from '../market-data/watchlist-queries.ts';
import { meQuery } from '../../lib/session.ts';
import { Constituents } from './constituents.tsx';
import { Freshness, SourceDialog } from './fund-source.tsx';
import { useTypeOptions } from './instrument-form.tsx';
import { ListingDialog } from './listing-dialog.tsx';
import { MergeDialog } from './merge.tsx';
import { Merged, mergedQuery } from './merged.tsx';
import { Prices } from './prices-table.tsx';
import { ProxyDialog, ProxyNote, proxyQuery } from './proxy.tsx';
import { instrumentQuery, instrumentTag, type Instrument, type Listing } from './queries.ts';
import { useVersions, Versions } from './versions.tsx';

const route = getRouteApi('/app/markets/$instrumentId');

const useListingColumns = (): readonly TableColumn<Listing>[] => {
  const { t } = useLingui();
  return useMemo(
    () => [
      textColumn({
        id: 'ticker',
        label: t`Ticker`,
        read: (one: Listing) => one.ticker ?? '',
        cell: (one: Listing) => (
          <>
            {one.ticker ?? '–'}{' '}
            {one.isPrimary && (
              <Tag>
                <Trans>primary</Trans>
              </Tag>
            )}
          </>
        ),
      }),
      textColumn({ id: 'exchange', label: t`Exchange`, read: (one: Listing) => one.exchange ?? '' }),
      textColumn({ id: 'currency', label: t`Trading currency`, read: (one: Listing) => one.currency }),
      textColumn({ id: 'unit', label: t`Quoted in`, read: (one: Listing) => one.quoteUnit }),
    ],
    [t],
  );
};

const Facts = ({ instrument }: { instrument: Instrument }) => {
  const { t } = useLingui();
  const format = useFormat();
  const types = useTypeOptions();
  const { metadata } = instrument;
  const policies = { accumulating: t`Accumulating`, distributing: t`Distributing` };
  const methods = { physical: t`Physical`, optimised: t`Optimised sampling`, synthetic: t`Synthetic` };
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t`Type`, types.find((one) => one.value === instrument.type)?.label],
    [t`ISIN`, instrument.isin ?? undefined],
    [t`Ongoing charge`, metadata.ocf === undefined ? undefined : format.percent(metadata.ocf)],
    [t`Income`, metadata.distributionPolicy && policies[metadata.distributionPolicy]],
    [t`Replication`, metadata.replicationMethod && methods[metadata.replicationMethod]],
    [t`Domicile`, metadata.domicile],
    [t`Sector`, metadata.sector],
    [t`Industry`, metadata.industry],
    [t`Country`, metadata.country],
  ];
  return (
    <dl className={ledger['facts']}>
      {facts.map(
        ([name, value]) =>
          value !== undefined && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
};

const MAY_HOLD_OTHERS = ['ETF', 'Fund', 'Other'];

type Open = 'price' | 'symbols' | 'listing' | 'proxy' | 'source' | 'merge';

const Actions = ({ instrument, show }: { instrument: Instrument; show: (open: Open) => void }) => {
  const { t } = useLingui();
  const me = useQuery(meQuery);
  const mayMerge = instrument.scope === 'private' || me.data?.role === 'admin';
  const navigate = useNavigate();
  return (
    <>
      <Button variant="default" onClick={() => show('price')}>
        <Trans>Give a price</Trans>
      </Button>
      <Button
        leftSection={<IconPlus size={16} />}
        onClick={() => void navigate({ to: '/holdings', search: { add: '1', instrument: instrument.id } })}
      >
        <Trans>Add to a portfolio</Trans>
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label={t`More actions`}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <WatchItem instrumentId={instrument.id} />
          <Menu.Item onClick={() => show('symbols')}>
            <Trans>Symbols of its sources</Trans>
          </Menu.Item>
          <Menu.Item onClick={() => show('listing')}>
            <Trans>Add a line</Trans>
          </Menu.Item>
          <Menu.Item onClick={() => void navigate({ to: '/imports' })}>
            <Trans>Import its constituents</Trans>
          </Menu.Item>
          <Menu.Item
            onClick={() =>
              void navigate({ to: '/look-through/overlap', search: { instruments: instrument.id } })
            }
          >
            <Trans>Compare with other funds</Trans>
          </Menu.Item>
          {MAY_HOLD_OTHERS.includes(instrument.type) && (
            <>
              <Menu.Item onClick={() => show('proxy')}>
                <Trans>Treat as another fund</Trans>
              </Menu.Item>
              {mayMerge && (
                <Menu.Item onClick={() => show('source')}>
                  <Trans>Where its file comes from</Trans>
                </Menu.Item>
              )}
            </>
          )}
          {mayMerge && (
            <Menu.Item onClick={() => show('merge')}>
              <Trans>Merge into another</Trans>
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
};

/** Watches the instrument, or ends that. */
const WatchItem = ({ instrumentId }: { instrumentId: string }) => {
  const client = useQueryClient();
  const watched = useQuery(watchlistQuery).data?.find((one) => one.instrumentId === instrumentId);
  const change = watched === undefined ? { add: instrumentId } : { remove: watched.id };
  return (
    <Menu.Item onClick={() => void setWatched(client, change)}>
      {watched === undefined ? <Trans>Watch it</Trans> : <Trans>Stop watching it</Trans>}
    </Menu.Item>
  );
};

const Dialogs = ({
  open,
  instrument,
  onClose,
}: {
  open: Open | null;
  instrument: Instrument;
  onClose: () => void;
}) => (
  <>
    {open === 'price' && <PriceDialog instrument={instrument} onClose={onClose} />}
    {open === 'symbols' && <SymbolsDialog instrumentId={instrument.id} onClose={onClose} />}
    {open === 'proxy' && <ProxyDialog instrument={instrument} onClose={onClose} />}
    {open === 'source' && <SourceDialog instrument={instrument} onClose={onClose} />}
    {open === 'merge' && <MergeDialog instrument={instrument} onClose={onClose} />}
    {open === 'listing' && <ListingDialog instrument={instrument} onClose={onClose} />}
  </>
);

const Lead = ({ instrument }: { instrument: Instrument }) => (
  <>
    {instrumentTag(instrument)}{' '}
    {instrument.constituentsAsOf !== null && <FundBadge asOf={instrument.constituentsAsOf} />}{' '}
    {instrument.scope === 'private' && (
      <Tag>
        <Trans>only you see it</Trans>
      </Tag>
    )}{' '}
    {instrument.metadata.demo === true && (
      <Tag>
        <Trans>demo data</Trans>
      </Tag>
    )}
  </>
);

const Lines = ({ instrument }: { instrument: Instrument }) => {
  const { t } = useLingui();
  const columns = useListingColumns();
  return (
    <Section title={<Trans>Lines</Trans>} lead={<Trans>Where and in what it trades</Trans>}>
      <DataTable label={t`Lines`} columns={columns} rows={instrument.listings} rowKey={(one) => one.id} />
    </Section>
  );
};

const Body = ({ instrument }: { instrument: Instrument }) => {
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  const prices = useQuery(pricesQuery(instrument.id));
  const hasChart = (prices.data?.length ?? 0) > 1;
  useFollow(instrument.id);
  const mayHold = MAY_HOLD_OTHERS.includes(instrument.type);
  const proxy = useQuery({ ...proxyQuery(instrument.id), enabled: mayHold });
  const looksThrough = instrument.constituentsAsOf !== null || proxy.data != null;
  const exposure = useQuery({
    ...exposureQuery({ kind: 'instrument', id: instrument.id }),
    enabled: looksThrough,
  });
  const versions = useVersions(instrument.id, mayHold);
  const merged = useQuery(mergedQuery(instrument.id));
  const isTraded = instrument.type !== 'Cash';
  const events = useQuery({ ...eventsQuery(instrument.id), enabled: isTraded });
  // What stands below waits, so that nothing moves once it is seen.
  const settled =
    !prices.isPending &&
    !merged.isPending &&
    !(isTraded && events.isPending) &&
    !(looksThrough && exposure.isPending) &&
    !(mayHold && (versions.isPending || proxy.isPending));
  return (
    <>
      <PageHeader
        trail={
          <Link to="/markets">
            <Trans>Markets</Trans>
          </Link>
        }
        title={instrument.name}
        lead={<Lead instrument={instrument} />}
        actions={<Actions instrument={instrument} show={setOpen} />}
      />
      <Facts instrument={instrument} />
      {hasChart && <PriceChart instrumentId={instrument.id} />}
      {!prices.isPending && <Prices instrumentId={instrument.id} onGive={() => setOpen('price')} />}
      {settled && (
        <>
          <Lines instrument={instrument} />
          {isTraded && <Events instrument={instrument} />}
          {merged.data && <Merged merges={merged.data} instrument={instrument} />}
          {proxy.data && <ProxyNote proxy={proxy.data} instrument={instrument} />}
          {looksThrough && (
            <>
              <Freshness
                fund={exposure.data?.funds.find((one) => one.instrumentId === instrument.id)}
                url={instrument.metadata.issuerUrl}
              />
              <ExposureGlance scope={{ kind: 'instrument', id: instrument.id }} />
            </>
          )}
          {mayHold && <Versions query={versions} />}
          {mayHold && <Constituents instrumentId={instrument.id} onProxy={() => setOpen('proxy')} />}
        </>
      )}
      <Dialogs open={open} instrument={instrument} onClose={close} />
    </>
  );
};

/** One instrument: its lines, prices and, for a fund, what it holds. */
export const InstrumentPage = () => {
  const { instrumentId } = route.useParams();
  const query = useQuery(instrumentQuery(instrumentId));
  return (
    <Loaded query={query} lines={8}>
      {(instrument) => <Body key={instrument.id} instrument={instrument} />}
    </Loaded>
  );
};
