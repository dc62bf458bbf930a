import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, NativeSelect } from '@mantine/core';
import { IconArrowsExchange } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Empty, Loaded, PageHeader, Section } from '../../ui/page.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import tabs from '../look-through/look-through.module.css';
import { ComparedFigures, Gaps, InCommon } from './compare-figures.tsx';
import classes from './compare.module.css';
import { COMPARED_BY, comparisonQuery, type ComparedBy, type Comparison } from './draft-queries.ts';
import { portfoliosQuery, type Portfolio } from './queries.ts';

const route = getRouteApi('/app/drafts/compare');

/** One line of the comparison, whatever it is by. */
type Row = {
  readonly key: string;
  readonly name: string;
  readonly detail: string | null;
  readonly left: number;
  readonly right: number;
  readonly differencePct: number;
  readonly leftTargetPct?: number | null;
  readonly rightTargetPct?: number | null;
};

const rowsBy = (found: Comparison, by: ComparedBy): readonly Row[] => {
  const instruments = (some: Comparison['holdings']): Row[] =>
    some.map((row) => ({ ...row, key: row.instrumentId, detail: row.ticker }));
  const names = (some: Comparison['bySection'] | Comparison['byRegion']): Row[] =>
    some.map((row) => ({ ...row, key: row.name, detail: null }));
  switch (by) {
    case 'holdings':
      return instruments(found.holdings);
    case 'company':
      return instruments(found.companies);
    case 'section':
      return names(found.bySection);
    case 'theme':
      return names(found.byTheme);
    case 'account':
      return names(found.byAccount);
    case 'region':
      return names(found.byRegion);
    case 'country':
      return names(found.byCountry);
    case 'sector':
      return names(found.bySector);
    case 'currency':
      return names(found.byCurrency);
    case 'assetClass':
      return names(found.byAssetClass);
  }
};

const useNames = (): Readonly<Record<ComparedBy, string>> => {
  const { t } = useLingui();
  return {
    holdings: t`Holdings`,
    section: t`Sections`,
    theme: t`Themes`,
    account: t`Accounts`,
    region: t`Regions`,
    country: t`Countries`,
    sector: t`Sectors`,
    currency: t`Currencies`,
    assetClass: t`Asset classes`,
    company: t`Companies`,
  };
};

/** Both weights as bars of one scale; the figures beside them say the same. */
const Twin = ({ row, most }: { row: Row; most: number }) => (
  <span className={classes['twin']} aria-hidden>
    <span className={classes['bar']} style={{ inlineSize: `${(Math.max(0, row.left) / most) * 100}%` }} />
    <span
      className={classes['bar']}
      data-right
      style={{ inlineSize: `${(Math.max(0, row.right) / most) * 100}%` }}
    />
  </span>
);

const useColumns = (found: Comparison, by: ComparedBy, rows: readonly Row[]): readonly TableColumn<Row>[] => {
  const { t } = useLingui();
  const format = useFormat();
  const names = useNames();
  const most = Math.max(1, ...rows.map((row) => Math.max(row.left, row.right)));
  const figure = (id: string, label: string, read: (row: Row) => number | null, signed = false) =>
    numberColumn<Row>({
      id,
      label,
      unit: '%',
      read,
      write: (value) => (signed ? format.percent(value, true).replace('%', '') : format.percentFigure(value)),
    });
  const hasTargets = rows.some((row) => row.leftTargetPct != null || row.rightTargetPct != null);
  return [
    textColumn<Row>({
      id: 'name',
      label: names[by],
      width: 170,
      read: (row) => row.name,
      cell: (row) => (
        <>
          {row.name}
          <Twin row={row} most={most} />
        </>
      ),
    }),
    figure('left', found.left.name, (row) => row.left),
    figure('right', found.right.name, (row) => row.right),
    figure('difference', t`Difference`, (row) => row.differencePct, true),
    ...(hasTargets
      ? [
          figure('leftTarget', t`Target of ${found.left.name}`, (row) => row.leftTargetPct ?? null),
          figure('rightTarget', t`Target of ${found.right.name}`, (row) => row.rightTargetPct ?? null),
        ]
      : []),
  ];
};

const Rows = ({ found, by }: { found: Comparison; by: ComparedBy }) => {
  const names = useNames();
  const rows = rowsBy(found, by);
  const columns = useColumns(found, by, rows);
  const count = by === 'holdings' ? found.holdingCount : by === 'company' ? found.companyCount : rows.length;
  const shown = rows.length;
  return (
    <>
      {count > shown && (
        <p className={classes['note']}>
          <Trans>
            The {shown} largest differences of {count}.
          </Trans>
        </p>
      )}
      <DataTable
        label={names[by]}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.key}
        exportName={`compare-${by}`}
        empty={<Empty title={<Trans>Neither has any</Trans>} />}
      />
    </>
  );
};

const Tabs = ({ by }: { by: ComparedBy }) => {
  const { t } = useLingui();
  const names = useNames();
  return (
    <nav aria-label={t`Compare by`} className={tabs['views']}>
      {COMPARED_BY.map((one) => (
        <Link
          key={one}
          to="."
          className={tabs['view']}
          resetScroll={false}
          aria-current={one === by ? 'page' : undefined}
          data-status={one === by ? 'active' : undefined}
          activeOptions={{ exact: true, includeSearch: true }}
          search={(before: Record<string, unknown>) => ({
            ...before,
            by: one === 'holdings' ? undefined : one,
          })}
        >
          {names[one]}
        </Link>
      ))}
    </nav>
  );
};

const Found = ({ left, right, by }: { left: string; right: string; by: ComparedBy }) => {
  const query = useQuery(comparisonQuery(left, right));
  return (
    <Loaded query={query} lines={8}>
      {(found) => (
        <>
          <ComparedFigures found={found} />
          <InCommon found={found} />
          <Gaps found={found} />
          <Section
            title={<Trans>Where they differ</Trans>}
            lead={<Trans>Shares of each whole, the largest difference first</Trans>}
          >
            <Tabs by={by} />
            <Rows found={found} by={by} />
          </Section>
        </>
      )}
    </Loaded>
  );
};

type SidesProps = {
  readonly all: readonly Portfolio[];
  readonly left: string | undefined;
  readonly right: string | undefined;
};

/** Which two are compared. */
const Sides = ({ all, left, right }: SidesProps) => {
  const { t } = useLingui();
  const navigate = route.useNavigate();
  const change = (sides: { left?: string | undefined; right?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, ...sides }), resetScroll: false });
  const options = [
    ...(left === undefined || right === undefined ? [{ value: '', label: t`Choose one` }] : []),
    ...all.map((one) => ({ value: one.id, label: one.name })),
  ];
  return (
    <div className={classes['sides']}>
      <NativeSelect
        label={<Trans>This one</Trans>}
        value={left ?? ''}
        data={options}
        onChange={(event) => change({ left: event.currentTarget.value })}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label={t`Swap the two`}
        onClick={() => change({ left: right, right: left })}
      >
        <IconArrowsExchange size={18} />
      </ActionIcon>
      <NativeSelect
        label={<Trans>With this one</Trans>}
        value={right ?? ''}
        data={options}
        onChange={(event) => change({ right: event.currentTarget.value })}
      />
    </div>
  );
};

/** Two portfolios side by side: drafts, models and real ones alike. */
export const ComparePage = () => {
  const portfolios = useQuery(portfoliosQuery);
  const { left, right, by = 'holdings' } = route.useSearch();
  return (
    <>
      <PageHeader
        trail={
          <Link to="/drafts">
            <Trans>Drafts and models</Trans>
          </Link>
        }
        title={<Trans>Compare</Trans>}
      />
      <Loaded query={portfolios}>
        {(all) => (
          <>
            <Sides all={all} left={left} right={right} />
            {left === undefined || right === undefined ? (
              <Empty title={<Trans>Choose two portfolios</Trans>} />
            ) : (
              <Found left={left} right={right} by={by} />
            )}
          </>
        )}
      </Loaded>
    </>
  );
};
