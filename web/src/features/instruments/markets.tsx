import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { FundBadge, Tag } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty, Loaded, PageHeader } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { textColumn, type TableColumn } from '../../ui/table-model.ts';
import ledger from '../ledger/ledger.module.css';
import look from '../look-through/look-through.module.css';
import { InstrumentForm, isType, useTypeOptions } from './instrument-form.tsx';
import { instrumentSearch, type Instrument } from './queries.ts';
import { MarketsTabs } from './tabs.tsx';

const route = getRouteApi('/app/markets');

const SHOWN = 100;
const SEARCH_PAUSE_MS = 180;

const Name = ({ instrument }: { instrument: Instrument }) => (
  <span className={ledger['name']}>
    <Link to="/markets/$instrumentId" params={{ instrumentId: instrument.id }}>
      {instrument.name}
    </Link>
    <span className={ledger['under']}>
      {instrument.isin}{' '}
      {instrument.scope === 'private' && (
        <Tag>
          <Trans>private</Trans>
        </Tag>
      )}{' '}
      {instrument.metadata.demo === true && (
        <Tag>
          <Trans>demo</Trans>
        </Tag>
      )}
    </span>
  </span>
);

const useColumns = (): readonly TableColumn<Instrument>[] => {
  const { t } = useLingui();
  const types = useTypeOptions();
  return useMemo(() => {
    const words = (type: string): string =>
      types.find((one) => one.value === type)?.label.replace(/ \(.*$/, '') ?? type;
    return [
      textColumn({
        id: 'name',
        label: t`Instrument`,
        width: 230,
        read: (one: Instrument) => one.name,
        cell: (one: Instrument) => <Name instrument={one} />,
      }),
      textColumn({ id: 'type', label: t`Type`, read: (one: Instrument) => words(one.type) }),
      textColumn({ id: 'ticker', label: t`Ticker`, read: (one: Instrument) => one.ticker ?? '' }),
      textColumn({ id: 'exchange', label: t`Exchange`, read: (one: Instrument) => one.exchange ?? '' }),
      textColumn({ id: 'quote', label: t`Quoted in`, read: (one: Instrument) => one.quoteUnit }),
      textColumn({
        id: 'constituents',
        label: t`Look-through`,
        read: (one: Instrument) => one.constituentsAsOf ?? '',
        cell: (one: Instrument) => one.constituentsAsOf !== null && <FundBadge asOf={one.constituentsAsOf} />,
      }),
    ];
  }, [t, types]);
};

const CreateInstrument = () => {
  const { t } = useLingui();
  const navigate = route.useNavigate();
  const { q } = route.useSearch();
  const close = (): void =>
    void navigate({ search: (before) => ({ ...before, add: undefined }), replace: true });
  return (
    <Dialog title={<Trans>Create an instrument</Trans>} onClose={close}>
      <InstrumentForm
        name={q ?? ''}
        onCancel={close}
        onMade={async (made) => {
          toast(t`${made.name} is there for every portfolio.`);
          await navigate({ to: '/markets/$instrumentId', params: { instrumentId: made.id } });
        }}
      />
    </Dialog>
  );
};

const SearchBar = () => {
  const { t } = useLingui();
  const { q, show } = route.useSearch();
  const navigate = route.useNavigate();
  const types = useTypeOptions();
  return (
    <div className={look['controls']}>
      <TextInput
        w={340}
        maw="100%"
        leftSection={<IconSearch aria-hidden size={16} />}
        placeholder={t`Name, ticker or ISIN`}
        aria-label={t`Search instruments`}
        value={q ?? ''}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          void navigate({
            search: (before) => ({ ...before, q: typed === '' ? undefined : typed }),
            replace: true,
          });
        }}
      />
      <NativeSelect
        aria-label={t`Which instruments`}
        value={show ?? ''}
        data={[
          { value: '', label: q === undefined ? t`Funds that can be looked through` : t`All that fit` },
          { value: 'all', label: t`All` },
          ...types,
        ]}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          void navigate({
            search: (before) => ({ ...before, show: chosen === '' ? undefined : chosen }),
            replace: true,
          });
        }}
      />
    </div>
  );
};

/** What to ask for: with nothing typed the funds, because an import brings thousands of shares with it. */
const useFound = () => {
  const { q, show } = route.useSearch();
  const [settled] = useDebouncedValue(q ?? '', SEARCH_PAUSE_MS);
  const type = show !== undefined && isType(show) ? show : undefined;
  const withConstituents = show === undefined && settled === '';
  return { settled, query: useQuery(instrumentSearch(settled, { limit: SHOWN, type, withConstituents })) };
};

/** Every instrument that the person sees, found by name, ticker or ISIN. */
export const MarketsPage = () => {
  const { t } = useLingui();
  const { add } = route.useSearch();
  const navigate = route.useNavigate();
  const { settled, query } = useFound();
  const columns = useColumns();
  const create = (): void => void navigate({ search: (before) => ({ ...before, add: '1' as const }) });
  return (
    <>
      <PageHeader
        title={<Trans>Markets</Trans>}
        lead={<Trans>Instruments, their prices, and exchange rates.</Trans>}
        actions={
          <Button leftSection={<IconPlus size={16} />} onClick={create}>
            <Trans>Create an instrument</Trans>
          </Button>
        }
      />
      <MarketsTabs />
      <SearchBar />
      <Loaded query={query} lines={8}>
        {(found) => (
          <DataTable
            label={t`Instruments`}
            columns={columns}
            rows={found}
            rowKey={(one) => one.id}
            exportName="instruments"
            empty={
              <Empty
                title={settled === '' ? <Trans>None yet</Trans> : <Trans>Nothing fits “{settled}”</Trans>}
                actions={
                  <Button onClick={create}>
                    <Trans>Create an instrument</Trans>
                  </Button>
                }
              >
                <Trans>
                  Funds, shares, bonds, cash, a house: create it once, and it is there for every portfolio.
                </Trans>
              </Empty>
            }
          />
        )}
      </Loaded>
      {add === '1' && <CreateInstrument />}
    </>
  );
};
