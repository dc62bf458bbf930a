import { Trans, useLingui } from '@lingui/react/macro';
import { Button, TextInput } from '@mantine/core';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Empty, Loaded, Note, PageHeader } from '../../ui/page.tsx';
import { decimalColumn, numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import look from '../look-through/look-through.module.css';
import type { Portfolio } from '../portfolios/queries.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';

const route = getRouteApi('/app/history');
type Recorded = Answer<'GET /api/portfolios/:id/history'>;
type Holding = Recorded['holdings'][number];

const PAGE = 200;

const recordedQuery = (id: string, at: string) =>
  queryOptions({
    queryKey: ['activity', 'history', id, at],
    queryFn: async ({ signal }): Promise<Recorded> => {
      const first = await api('GET /api/portfolios/:id/history', {
        params: { id },
        query: { at, limit: PAGE },
        signal,
      });
      const holdings = [...first.holdings];
      for (let cursor = first.nextCursor; cursor !== null;) {
        const query = { at, limit: PAGE, cursor };
        const more = await api('GET /api/portfolios/:id/history', { params: { id }, query, signal });
        holdings.push(...more.holdings);
        cursor = more.nextCursor;
      }
      return { ...first, holdings };
    },
    placeholderData: keepPreviousData,
  });

const useColumns = (currency: string): readonly TableColumn<Holding>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return [
    textColumn({ id: 'name', label: t`Holding`, width: 170, read: (one: Holding) => one.name }),
    textColumn({ id: 'account', label: t`Account`, read: (one: Holding) => one.account }),
    textColumn({ id: 'section', label: t`Section`, read: (one: Holding) => one.section }),
    decimalColumn({
      id: 'qty',
      label: t`Quantity`,
      read: (one: Holding) => one.qty,
      cell: (one: Holding) => <Figure kind="quantity" value={one.qty} />,
    }),
    decimalColumn({
      id: 'cost',
      label: t`Cost`,
      unit: currency,
      read: (one: Holding) => one.costBasis,
      cell: (one: Holding) => <Figure kind="money" bare value={one.costBasis} currency={currency} />,
    }),
    numberColumn({
      id: 'target',
      label: t`Target`,
      unit: '%',
      read: (one: Holding) => one.targetPct,
      write: (value) => format.percentFigure(value),
    }),
    numberColumn({
      id: 'trades',
      label: t`Trades`,
      read: (one: Holding) => one.tradeCount,
      write: (value) => format.count(value),
    }),
  ];
};

const Found = ({ found }: { found: Recorded }) => {
  const { t } = useLingui();
  const format = useFormat();
  const columns = useColumns(found.baseCurrency);
  return (
    <>
      <p className={look['meta']}>
        <span>
          <Trans>Its name then: {found.name}</Trans>
        </span>
        <span>
          {found.validTo === null ? (
            <Trans>Its settings stand so since {format.time(found.validFrom)}.</Trans>
          ) : (
            <Trans>
              Its settings stood so from {format.time(found.validFrom)} to {format.time(found.validTo)}.
            </Trans>
          )}
        </span>
      </p>
      <DataTable
        label={t`Holdings as recorded`}
        columns={columns}
        rows={found.holdings}
        rowKey={(one) => one.id}
        exportName="as-recorded"
        empty={<Empty title={<Trans>It held nothing then</Trans>} />}
      />
    </>
  );
};

/** A moment as `datetime-local` has it, in the browser's own zone. */
const localOf = (instant: string): string => {
  const moment = new Date(instant);
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
};

const Moment = ({ at }: { at: string }) => {
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState(localOf(at));
  return (
    <form
      className={look['controls']}
      onSubmit={(event) => {
        event.preventDefault();
        const moment = new Date(typed);
        if (Number.isNaN(moment.getTime())) return;
        void navigate({ search: (before) => ({ ...before, at: moment.toISOString() }) });
      }}
    >
      <TextInput
        type="datetime-local"
        label={<Trans>As recorded at</Trans>}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button type="submit" variant="default">
        <Trans>Show</Trans>
      </Button>
    </form>
  );
};

const Past = ({ portfolio, at }: { portfolio: Portfolio; at: string }) => {
  const query = useQuery(recordedQuery(portfolio.id, at));
  return (
    <Loaded query={query} lines={6}>
      {(found) => <Found found={found} />}
    </Loaded>
  );
};

/** A portfolio as it was recorded at a past moment: not what today's ledger says of that day. */
export const HistoryPage = () => {
  const { portfolios, portfolio } = usePortfolioScope();
  const { at } = route.useSearch();
  const [opened] = useState(() => new Date().toISOString());
  const moment = at ?? opened;
  return (
    <>
      <PageHeader
        trail={
          <Link to="/settings/activity">
            <Trans>Activity</Trans>
          </Link>
        }
        title={<Trans>As it was recorded</Trans>}
        lead={portfolio?.name}
      />
      <Moment key={moment} at={moment} />
      <Note>
        <p>
          <Trans>
            What stood here at that moment, mistakes and all. What today’s ledger says of a past day is on the
            overview and the holdings, under “as of”.
          </Trans>
        </p>
      </Note>
      {portfolio ? (
        <Past portfolio={portfolio} at={moment} />
      ) : (
        portfolios && (
          <Empty title={<Trans>Which portfolio?</Trans>}>
            {portfolios.map((one, index) => (
              <span key={one.id}>
                {index > 0 && ' · '}
                <Link to="/history" search={(before) => ({ ...before, portfolio: one.id })}>
                  {one.name}
                </Link>
              </span>
            ))}
          </Empty>
        )
      )}
    </>
  );
};
