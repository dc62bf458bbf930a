import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPencil, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { AsOf } from '../../ui/as-of.tsx';
import { Empty, Failure, Loaded, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import { readSort, sortText } from '../../ui/table-model.ts';
import { mayEdit, type Portfolio } from '../portfolios/queries.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { StartDoors } from '../portfolios/start.tsx';
import { ColumnMenu, useColumnChoice, type ColumnChoice } from './column-menu.tsx';
import { needsGains } from './columns.ts';
import { useEditColumns } from './edit-columns.tsx';
import { useHoldingEdit } from './holding-edit.ts';
import { HoldingsTable, type Grouping } from './holdings-table.tsx';
import classes from './ledger.module.css';
import { gainsQuery, holdingPagesQuery, type Holding } from './queries.ts';

const AddHolding = lazy(async () => ({ default: (await import('./add-holding.tsx')).AddHolding }));

const route = getRouteApi('/app/holdings');

const orderOf = (portfolio: Portfolio, by: Grouping): readonly string[] =>
  ({
    section: portfolio.lists.sections,
    theme: portfolio.lists.themes,
    account: portfolio.lists.accounts,
    none: [],
  })[by];

const fits = (holding: Holding, query: string): boolean => {
  const { instrument } = holding;
  const text = [
    holding.name,
    instrument?.ticker,
    instrument?.isin,
    holding.section,
    holding.theme,
    holding.account,
    holding.notes,
  ]
    .join(' ')
    .toLowerCase();
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
};

type ToolsProps = {
  readonly portfolio: Portfolio;
  readonly choice: ColumnChoice;
  /** How many are here while more are on their way. */
  readonly arriving: string | null;
};

const Tools = ({ portfolio, choice, arriving }: ToolsProps) => {
  const { t } = useLingui();
  const { q, by, asOf, edit } = route.useSearch();
  const usual = edit === undefined ? 'section' : 'none';
  const navigate = route.useNavigate();
  return (
    <>
      <TextInput
        size="xs"
        className={classes['filter'] ?? ''}
        leftSection={<IconSearch aria-hidden size={14} />}
        placeholder={t`Filter`}
        aria-label={t`Filter holdings`}
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
        size="xs"
        aria-label={t`Group by`}
        value={by ?? usual}
        data={[
          { value: 'section', label: t`By section` },
          { value: 'theme', label: t`By theme` },
          { value: 'account', label: t`By account` },
          { value: 'none', label: t`Not grouped` },
        ]}
        onChange={(event) => {
          const value = event.currentTarget.value as Grouping;
          void navigate({
            search: (before) => ({ ...before, by: value === usual ? undefined : value }),
            replace: true,
          });
        }}
      />
      <AsOf
        small
        day={asOf}
        onChange={(day) => void navigate({ search: (before) => ({ ...before, asOf: day }) })}
      />
      {mayEdit(portfolio) && edit === undefined && <ColumnMenu portfolio={portfolio} choice={choice} />}
      {mayEdit(portfolio) && (
        <Button
          size="xs"
          variant={edit === undefined ? 'default' : 'light'}
          aria-pressed={edit !== undefined}
          leftSection={<IconPencil aria-hidden size={15} />}
          onClick={() =>
            void navigate({
              search: (before) => ({ ...before, edit: edit === undefined ? ('1' as const) : undefined }),
              replace: true,
            })
          }
        >
          {edit === undefined ? <Trans>Edit in the list</Trans> : <Trans>Done</Trans>}
        </Button>
      )}
      {arriving !== null && (
        <span className={classes['under']} role="status">
          <Trans>{arriving} so far; more are on their way</Trans>
        </span>
      )}
    </>
  );
};

const PortfolioHoldings = ({ portfolio, onAdd }: { portfolio: Portfolio; onAdd: () => void }) => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const format = useFormat();
  const query = useQuery(holdingPagesQuery(portfolio.id, search.asOf));
  const choice = useColumnChoice(portfolio);
  const { stored } = choice;
  const isEditing = search.edit === '1' && mayEdit(portfolio);
  const gains = useQuery({
    ...gainsQuery(portfolio.id, search.asOf),
    enabled: needsGains(stored) && !isEditing,
  });
  const edit = useHoldingEdit({ portfolioId: portfolio.id, asOf: search.asOf });
  const editing = useEditColumns(portfolio, edit);
  // Rows that are being filed elsewhere stay where they are, unless a grouping was asked for.
  const by = search.by ?? (isEditing ? 'none' : 'section');
  return (
    <Loaded query={query} lines={8}>
      {({ items: there, complete }) => {
        const shown = search.q === undefined ? there : there.filter((one) => fits(one, search.q ?? ''));
        if (there.length === 0) {
          return (
            <Empty
              title={<Trans>No holdings yet</Trans>}
              actions={
                mayEdit(portfolio) && (
                  <Button leftSection={<IconPlus size={16} />} onClick={onAdd}>
                    <Trans>Add a holding</Trans>
                  </Button>
                )
              }
            >
              <Trans>Search an instrument and type a quantity, or add it empty and record its trades.</Trans>
            </Empty>
          );
        }
        return (
          <HoldingsTable
            holdings={shown}
            gains={gains.data}
            editing={isEditing ? editing : undefined}
            stored={stored}
            currency={portfolio.baseCurrency}
            by={by}
            order={orderOf(portfolio, by)}
            sort={readSort(search.sort) ?? { id: 'value', desc: true }}
            onSort={(sort) =>
              void navigate({ search: (before) => ({ ...before, sort: sortText(sort) }), replace: true })
            }
            tools={
              <Tools
                portfolio={portfolio}
                choice={choice}
                arriving={complete ? null : format.count(there.length)}
              />
            }
            exportName={`holdings ${portfolio.name}`}
            empty={<Empty title={<Trans>Nothing fits “{search.q}”</Trans>} />}
          />
        );
      }}
    </Loaded>
  );
};

/** What a portfolio holds; with all portfolios chosen, one part for each. */
export const HoldingsPage = () => {
  const { portfolios, portfolio, error, retry } = usePortfolioScope();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  if (portfolios === undefined) {
    return error === null ? <Waiting lines={8} /> : <Failure error={error} retry={retry} />;
  }
  if (portfolios.length === 0) {
    return (
      <>
        <PageHeader
          title={<Trans>Holdings</Trans>}
          lead={<Trans>Holdings live in a portfolio. Three ways to get one:</Trans>}
        />
        <StartDoors />
      </>
    );
  }
  const add = (id: string): void =>
    void navigate({ search: (before) => ({ ...before, portfolio: id, add: '1' as const }) });
  const target = portfolio ?? portfolios.find(mayEdit);
  return (
    <>
      <PageHeader
        title={<Trans>Holdings</Trans>}
        lead={portfolio?.name}
        actions={
          <>
            <Button variant="default" component={Link} to="/holdings/plans">
              <Trans>Recurring plans</Trans>
            </Button>
            {target && mayEdit(target) && (
              <Button leftSection={<IconPlus size={16} />} onClick={() => add(target.id)}>
                <Trans>Add a holding</Trans>
              </Button>
            )}
          </>
        }
      />
      {portfolio ? (
        <PortfolioHoldings key={portfolio.id} portfolio={portfolio} onAdd={() => add(portfolio.id)} />
      ) : (
        portfolios.map((one) => (
          <Section key={one.id} title={one.name}>
            <PortfolioHoldings portfolio={one} onAdd={() => add(one.id)} />
          </Section>
        ))
      )}
      {search.add === '1' && target && (
        <Suspense fallback={null}>
          <AddHolding
            portfolio={target}
            instrumentId={search.instrument}
            onClose={() =>
              void navigate({
                search: (before) => ({ ...before, add: undefined, instrument: undefined }),
                replace: true,
              })
            }
          />
        </Suspense>
      )}
    </>
  );
};
