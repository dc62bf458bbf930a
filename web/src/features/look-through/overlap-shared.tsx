import { Trans, useLingui } from '@lingui/react/macro';
import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { keyLabel } from '../../ui/chart/key-label.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Empty, Failure, Section, Waiting } from '../../ui/page.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import look from './look-through.module.css';
import { sharedQuery, type Shared, type SharedCompany, type Side } from './overlap-queries.ts';
import classes from './overlap.module.css';

const route = getRouteApi('/app/look-through/overlap');

const SEARCH_PAUSE_MS = 180;

/** One of the two funds: its key in the matrix, its id and its name. */
export type PairSide = { readonly key: string; readonly id: string; readonly name: string };

/** Both weights as bars of one scale, from zero. */
const Bars = ({ company, longest }: { company: SharedCompany; longest: number }) => (
  <span className={classes['pairBars']} aria-hidden>
    {[company.pctA, company.pctB].map((percent, at) => (
      <span
        key={at}
        data-side={at === 0 ? 'a' : 'b'}
        style={{ inlineSize: `${(percent / longest) * 100}%` }}
      />
    ))}
  </span>
);

const Name = ({ company, longest }: { company: SharedCompany; longest: number }) => (
  <span className={look['company']}>
    <span>
      <Link
        to="/markets/$instrumentId"
        params={{ instrumentId: company.instrumentId }}
        className={classes['plain']}
      >
        {company.name}
      </Link>{' '}
      <span className={look['under']}>{company.ticker}</span>
    </span>
    <Bars company={company} longest={longest} />
  </span>
);

const useColumns = (
  a: PairSide,
  b: PairSide,
  of: Side,
  longest: number,
): readonly TableColumn<SharedCompany>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(() => {
    const share = (id: string, label: string, read: (one: SharedCompany) => number) =>
      numberColumn({ id, label, unit: '%', read, write: format.percentFigure });
    const nameOf = (side: PairSide): string => keyLabel(side.key, () => side.name);
    return [
      textColumn({
        id: 'name',
        label: t`Company`,
        width: 180,
        read: (one: SharedCompany) => one.name,
        cell: (one: SharedCompany) => <Name company={one} longest={longest} />,
      }),
      ...(of === 'both' ? [share('shared', t`In common`, (one) => one.sharedPct)] : []),
      ...(of === 'onlyB' ? [] : [share('a', nameOf(a), (one) => one.pctA)]),
      ...(of === 'onlyA' ? [] : [share('b', nameOf(b), (one) => one.pctB)]),
    ];
  }, [t, format, a, b, of, longest]);
};

const Tools = ({ shown, shared }: { shown: number; shared: Shared }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <TextInput
        size="xs"
        className={look['filter'] ?? ''}
        leftSection={<IconSearch aria-hidden size={14} />}
        placeholder={t`Find a company`}
        aria-label={t`Find a company`}
        value={q ?? ''}
        onChange={(event) => {
          const typed = event.currentTarget.value;
          void navigate({
            search: (before) => ({ ...before, q: typed === '' ? undefined : typed }),
            replace: true,
            resetScroll: false,
          });
        }}
      />
      <span className={look['under']} aria-live="polite">
        <Trans>
          {format.count(shown)} of {format.count(shared.found)}
        </Trans>
      </span>
    </>
  );
};

const SidePicker = ({ shared, a, b, of }: { shared: Shared; a: PairSide; b: PairSide; of: Side }) => {
  const { t } = useLingui();
  const format = useFormat();
  const navigate = route.useNavigate();
  const [nameA, nameB] = [a, b].map((side) => keyLabel(side.key, () => side.name));
  return (
    <SegmentedControl
      size="xs"
      className={classes['sides'] ?? ''}
      value={of}
      aria-label={t`Which companies`}
      data={[
        { value: 'both', label: t`In common (${format.count(shared.count)})` },
        { value: 'onlyA', label: t`Only ${nameA} (${format.count(shared.onlyA.count)})` },
        { value: 'onlyB', label: t`Only ${nameB} (${format.count(shared.onlyB.count)})` },
      ]}
      onChange={(next) =>
        void navigate({
          search: (before) => ({ ...before, of: next === 'onlyA' || next === 'onlyB' ? next : undefined }),
          replace: true,
          resetScroll: false,
        })
      }
    />
  );
};

/** The figure behind the cell in words, with what stands beside it. */
const Sum = ({ shared, a, b }: { shared: Shared; a: PairSide; b: PairSide }) => {
  const format = useFormat();
  return (
    <p className={classes['sum']}>
      <span data-side="a" className={classes['swatch']} aria-hidden />
      {a.name}:{' '}
      <Trans>{format.percent(shared.onlyA.pct)} in companies that the other one does not hold</Trans>
      <br />
      <span data-side="b" className={classes['swatch']} aria-hidden />
      {b.name}:{' '}
      <Trans>{format.percent(shared.onlyB.pct)} in companies that the other one does not hold</Trans>
    </p>
  );
};

const Body = ({ pages, a, b, of }: { pages: readonly Shared[]; a: PairSide; b: PairSide; of: Side }) => {
  const { t } = useLingui();
  const rows = useMemo(() => pages.flatMap((page) => page.items), [pages]);
  const longest = Math.max(0.01, ...rows.map((one) => Math.max(one.pctA, one.pctB)));
  const columns = useColumns(a, b, of, longest);
  const { q } = route.useSearch();
  const [first] = pages;
  if (!first) return null;
  const labels = { both: t`Companies in common`, onlyA: t`Only in ${a.name}`, onlyB: t`Only in ${b.name}` };
  return (
    <>
      <Sum shared={first} a={a} b={b} />
      <SidePicker shared={first} a={a} b={b} of={of} />
      <DataTable
        key={of}
        label={labels[of]}
        columns={columns}
        rows={rows}
        rowKey={(one) => one.instrumentId}
        sort={{ id: { both: 'shared', onlyA: 'a', onlyB: 'b' }[of], desc: true }}
        exportName={`overlap ${a.key} ${b.key}`}
        tools={<Tools shown={rows.length} shared={first} />}
        empty={
          <Empty
            title={q === undefined ? <Trans>Nothing in common</Trans> : <Trans>No company fits that</Trans>}
          />
        }
      />
    </>
  );
};

/** The companies behind one cell: what both hold with both weights, and what only one of them does. */
export const SharedPair = ({ a, b }: { a: PairSide; b: PairSide }) => {
  const search = route.useSearch();
  const format = useFormat();
  const of = search.of ?? 'both';
  const [q] = useDebouncedValue(search.q ?? '', SEARCH_PAUSE_MS);
  const query = useInfiniteQuery(sharedQuery({ a: a.id, b: b.id, of, q, asOf: search.asOf }));
  const first = query.data?.pages[0];
  return (
    <Section
      title={
        <Trans>
          {a.name} and {b.name}
        </Trans>
      }
      lead={
        first && (
          <Trans>
            {format.percent(first.overlapPct)} in common, in {format.count(first.count)} companies
          </Trans>
        )
      }
    >
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Waiting lines={8} />}
      {query.data && <Body pages={query.data.pages} a={a} b={b} of={of} />}
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
