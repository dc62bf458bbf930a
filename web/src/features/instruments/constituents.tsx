import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { FundBadge } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Empty, Failure, Section, Waiting } from '../../ui/page.tsx';
import { decimalColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import ledger from '../ledger/ledger.module.css';
import { industryColumns } from '../look-through/industry-column.ts';

type Row = Answer<'GET /api/instruments/:id/constituents'>['items'][number];

const PAGE = 200;

const Name = ({ row }: { row: Row }) => (
  <span className={ledger['name']}>
    {row.name}
    <span className={ledger['under']}>
      {[row.ticker, row.isin].filter((part) => part !== null).join(' · ')}
    </span>
  </span>
);

/** A name as the product writes it, with the issuer's own word where it differs. */
const Term = ({ ours, published }: { ours: string; published: string | null }) => (
  <span className={ledger['name']}>
    {ours}
    {published !== null && published !== ours && <span className={ledger['under']}>{published}</span>}
  </span>
);

const useColumns = (rows: readonly Row[]): readonly TableColumn<Row>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({
        id: 'name',
        label: t`Constituent`,
        width: 210,
        read: (one: Row) => one.name,
        cell: (one: Row) => <Name row={one} />,
      }),
      decimalColumn({
        id: 'weight',
        label: t`Weight`,
        unit: '%',
        read: (one: Row) => one.weightPct,
        cell: (one) => format.percentFigure(one.weightPct),
      }),
      textColumn({
        id: 'sector',
        label: t`Sector`,
        read: (one: Row) => one.sector,
        cell: (one: Row) => <Term ours={one.sector} published={one.publishedSector} />,
      }),
      ...industryColumns(rows, t`Industry`, (one) => (
        <Term ours={one.industry} published={one.publishedIndustry} />
      )),
      textColumn({
        id: 'country',
        label: t`Country`,
        read: (one: Row) => one.country,
        cell: (one: Row) => <Term ours={one.country} published={one.publishedCountry} />,
      }),
      textColumn({ id: 'currency', label: t`Currency`, read: (one: Row) => one.currency ?? '' }),
      textColumn({ id: 'class', label: t`Asset class`, read: (one: Row) => one.assetClass }),
    ],
    [t, format, rows],
  );
};

/** What a fund holds, as its issuer's file says. */
export const Constituents = ({ instrumentId, onProxy }: { instrumentId: string; onProxy: () => void }) => {
  const { t } = useLingui();
  const query = useInfiniteQuery({
    queryKey: ['look-through', 'constituents', instrumentId],
    queryFn: ({ pageParam, signal }) =>
      api('GET /api/instruments/:id/constituents', {
        params: { id: instrumentId },
        query: { limit: PAGE, cursor: pageParam },
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.nextCursor ?? undefined,
  });
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useColumns(rows);
  const first = query.data?.pages[0];
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  return (
    <Section
      title={<Trans>Constituents</Trans>}
      lead={first && <FundBadge asOf={first.asOf} />}
      actions={
        <Link to="/imports">
          <Trans>Import its file</Trans>
        </Link>
      }
    >
      {first ? (
        <DataTable
          label={t`Constituents`}
          columns={columns}
          rows={rows}
          rowKey={(one) => `${one.instrumentId} ${one.rowNumbers.join(' ')}`}
          exportName="constituents"
          empty={
            <Empty
              title={<Trans>No file yet</Trans>}
              actions={
                <>
                  <Button component={Link} to="/imports">
                    <Trans>Import files</Trans>
                  </Button>
                  <Button variant="default" onClick={onProxy}>
                    <Trans>Treat as another fund</Trans>
                  </Button>
                </>
              }
            >
              <Trans>
                Import what its issuer publishes, and every portfolio that holds it can be looked through.
              </Trans>
            </Empty>
          }
        />
      ) : (
        <Waiting lines={5} />
      )}
      {query.hasNextPage && (
        <Button
          mt={10}
          variant="default"
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          <Trans>More</Trans>
        </Button>
      )}
    </Section>
  );
};
