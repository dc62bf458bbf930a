import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Switch, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Empty, Failure, Section, Waiting } from '../../ui/page.tsx';
import { numberColumn, readSort, sortText, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { industryColumns } from './industry-column.ts';
import { useLookInto } from './look-into.ts';
import classes from './look-through.module.css';
import { Pick } from './picture-tables.tsx';
import { companiesQuery, fetchCompanies, type HeldCompany, type Moment, type Scope } from './queries.ts';
import type { Filter } from './view.ts';

const route = getRouteApi('/app/look-through');

/** So long after the last key the search goes out. */
const TYPING_MS = 250;

const Name = ({ company, onPick }: { company: HeldCompany; onPick: (id: string) => void }) => (
  <span className={classes['company']}>
    <Pick onPick={() => onPick(company.instrumentId)}>{company.name}</Pick>
    {(company.ticker ?? company.isin) !== null && (
      <span className={classes['under']}>{company.ticker ?? company.isin}</span>
    )}
  </span>
);

/** The server sorts by name and share; other columns stand as they come. */
const unsorted = <T,>(column: TableColumn<T>): TableColumn<T> => ({ ...column, compare: undefined });

const useColumns = (
  rows: readonly HeldCompany[],
  onPick: (id: string) => void,
): readonly TableColumn<HeldCompany>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({
        id: 'name',
        label: t`Company`,
        width: 200,
        read: (one: HeldCompany) => one.name,
        cell: (one: HeldCompany) => <Name company={one} onPick={onPick} />,
      }),
      numberColumn({
        id: 'pct',
        label: t`Share`,
        unit: '%',
        read: (one: HeldCompany) => one.pct,
        write: format.percentFigure,
      }),
      unsorted(textColumn({ id: 'sector', label: t`Sector`, read: (one: HeldCompany) => one.sector })),
      ...industryColumns(rows, t`Industry`).map(unsorted),
      unsorted(textColumn({ id: 'country', label: t`Country`, read: (one: HeldCompany) => one.country })),
      unsorted(
        numberColumn({
          id: 'ways',
          label: t`Ways held`,
          read: (one: HeldCompany) => one.pathCount,
          write: format.count,
        }),
      ),
    ],
    [t, format, rows, onPick],
  );
};

/** What is typed is shown at once and asked for a moment later. */
const Find = () => {
  const { t } = useLingui();
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const [typed, setTyped] = useState({ text: q ?? '', over: q, sent: q });
  // A shared address and Back change it from outside.
  const shown = q === typed.over || q === typed.sent ? typed.text : (q ?? '');
  const send = useDebouncedCallback((sent: string | undefined) => {
    void navigate({ search: (before) => ({ ...before, q: sent }), replace: true, resetScroll: false });
  }, TYPING_MS);
  return (
    <TextInput
      size="xs"
      className={classes['filter'] ?? ''}
      leftSection={<IconSearch aria-hidden size={14} />}
      placeholder={t`Name, ticker or ISIN`}
      aria-label={t`Find a company`}
      maxLength={100}
      value={shown}
      onChange={(event) => {
        const text = event.currentTarget.value;
        const sent = text.trim() === '' ? undefined : text.trim();
        setTyped({ text, over: q, sent });
        send(sent);
      }}
    />
  );
};

type ToolsProps = { readonly count: number; readonly shownPct: number | undefined; readonly about: string };

const Tools = ({ count, shownPct, about }: ToolsProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { kinds, q } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <Find key={about} />
      <Switch
        size="xs"
        label={t`Cash, contracts and funds too`}
        checked={kinds === 'everything'}
        onChange={(event) => {
          const next = event.currentTarget.checked ? ('everything' as const) : undefined;
          void navigate({
            search: (before) => ({ ...before, kinds: next }),
            replace: true,
            resetScroll: false,
          });
        }}
      />
      <span className={classes['under']} role="status">
        {q !== undefined ? (
          <Trans>{format.count(count)} found</Trans>
        ) : shownPct === undefined ? (
          <Plural value={count} one="# company" other="# companies" />
        ) : (
          <Trans>
            <Plural value={count} one="# company" other="# companies" /> in {format.percent(shownPct)} of the
            whole
          </Trans>
        )}
      </span>
    </>
  );
};

/** All of them, page after page, for the exported file. */
const fetchAll = async (
  ...[scope, moment, asked]: Parameters<typeof companiesQuery>
): Promise<HeldCompany[]> => {
  const rows: HeldCompany[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchCompanies(scope, moment, asked, cursor);
    rows.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
};

type CompaniesProps = {
  readonly scope: Scope;
  readonly moment: Moment;
  readonly filters: readonly Filter[];
  readonly name: string;
};

/** The companies behind the funds: found by name, ticker or ISIN among thousands, each leading to its ways. */
export const Companies = ({ scope, moment, filters, name }: CompaniesProps) => {
  const { t } = useLingui();
  const { q, kinds, sort } = route.useSearch();
  const navigate = route.useNavigate();
  const { company: open } = useLookInto();
  const order = readSort(sort);
  const asked = {
    filters,
    ...(q !== undefined && { q }),
    ...(kinds !== undefined && { kinds }),
    ...(order && { sort: order }),
  };
  const query = useInfiniteQuery(companiesQuery(scope, moment, asked));
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useColumns(rows, open);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;
  const more = useCallback(() => {
    if (!isFetchingNextPage) void fetchNextPage();
  }, [fetchNextPage, isFetchingNextPage]);
  const first = query.data?.pages[0];
  const label = t`Companies`;
  return (
    <Section title={label}>
      {query.isError && !first && <Failure error={query.error} retry={() => void query.refetch()} />}
      {!query.isError && !first && (
        <div className={classes['tablePlace']}>
          <Waiting lines={9} />
        </div>
      )}
      {first && (
        <DataTable
          label={label}
          columns={columns}
          rows={rows}
          rowKey={(one) => one.instrumentId}
          sort={order ?? { id: 'pct', desc: true }}
          onSort={(next) =>
            void navigate({
              search: (before) => ({ ...before, sort: sortText(next) }),
              replace: true,
              resetScroll: false,
            })
          }
          exportName={[t`companies`, name, ...filters.map(({ word }) => word)].join(' ')}
          tools={
            <Tools
              count={first.count}
              shownPct={filters.length === 0 ? undefined : first.pct}
              about={[scope.id, ...filters.map(({ word }) => word)].join(' ')}
            />
          }
          remote={{
            count: first.count,
            more: hasNextPage ? more : undefined,
            all: () => fetchAll(scope, moment, asked),
          }}
          empty={
            <Empty title={<Trans>No company fits that</Trans>}>
              <Trans>Look for fewer words, or take out a step above.</Trans>
            </Empty>
          }
        />
      )}
    </Section>
  );
};
