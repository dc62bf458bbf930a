import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { HeatMap, type HeatCell } from '../../ui/chart/heat-map.tsx';
import { AsOf } from '../../ui/as-of.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty, Loaded, Note, PageHeader, Section } from '../../ui/page.tsx';
import { byNumber, byText, type TableColumn } from '../../ui/table-model.ts';
import { InstrumentPicker } from '../instruments/instrument-picker.tsx';
import { usePortfolioScope } from '../portfolios/scope.ts';
import classes from './look-through.module.css';
import { overlapQuery, type Overlap } from './queries.ts';
import { LookThroughTabs } from './tabs.tsx';
import { keyLabel } from '../../ui/chart/key-label.ts';

const route = getRouteApi('/app/look-through/overlap');

type Pair = Overlap['shared'][number];
type Shared = Pair['companies'][number];

const cellsOf = (overlap: Overlap): HeatCell[] => {
  const keys = overlap.instruments.map(({ key }) => key);
  return keys.flatMap((row) =>
    keys.map((column) => ({ row, column, percent: overlap.matrix[row]?.[column] ?? 0 })),
  );
};

const MatrixTable = ({ overlap, nameOf }: { overlap: Overlap; nameOf: (key: string) => string }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { instruments, matrix } = overlap;
  const columns = useMemo(
    (): readonly TableColumn<string>[] => [
      { id: 'fund', label: t`Fund`, width: 180, text: (key) => nameOf(key), cell: (key) => nameOf(key) },
      ...instruments.map(({ key }, at) => ({
        id: `c${at}`,
        label: keyLabel(key, nameOf),
        unit: '%',
        numeric: true,
        text: (row: string) => String(matrix[row]?.[key] ?? ''),
        cell: (row: string) => format.percentFigure(matrix[row]?.[key] ?? 0),
      })),
    ],
    [t, format, instruments, matrix, nameOf],
  );
  return (
    <DataTable
      label={t`Overlap of funds`}
      columns={columns}
      rows={instruments.map(({ key }) => key)}
      rowKey={(key) => key}
      exportName="overlap"
    />
  );
};

const SharedTable = ({ pair, nameOf }: { pair: Pair; nameOf: (key: string) => string }) => {
  const { t } = useLingui();
  const format = useFormat();
  const columns = useMemo((): readonly TableColumn<Shared>[] => {
    const share = (id: string, label: string, read: (one: Shared) => number): TableColumn<Shared> => ({
      id,
      label,
      unit: '%',
      numeric: true,
      compare: byNumber(read),
      text: (one) => String(read(one)),
      cell: (one) => format.percentFigure(read(one)),
    });
    return [
      {
        id: 'name',
        label: t`Company`,
        width: 200,
        compare: byText((one) => one.name),
        text: (one) => one.name,
        cell: (one) => one.name,
      },
      share('shared', t`In common`, (one) => one.sharedPct),
      share('a', keyLabel(pair.a, nameOf), (one) => one.pctA),
      share('b', keyLabel(pair.b, nameOf), (one) => one.pctB),
    ];
  }, [t, format, pair, nameOf]);
  return (
    <Section
      title={
        <Trans>
          {nameOf(pair.a)} and {nameOf(pair.b)}
        </Trans>
      }
      lead={<Trans>{format.count(pair.count)} companies in common; the largest:</Trans>}
    >
      <DataTable
        label={t`Companies in common`}
        columns={columns}
        rows={pair.companies}
        rowKey={(one) => one.instrumentId}
        sort={{ id: 'shared', desc: true }}
        exportName={`overlap ${pair.a} ${pair.b}`}
        empty={<Empty title={<Trans>Nothing in common</Trans>} />}
      />
    </Section>
  );
};

const Body = ({ overlap }: { overlap: Overlap }) => {
  const { t } = useLingui();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const keys = useMemo(() => overlap.instruments.map(({ key }) => key), [overlap]);
  const cells = useMemo(() => cellsOf(overlap), [overlap]);
  const nameOf = useCallback(
    (key: string) => overlap.instruments.find((one) => one.key === key)?.name ?? key,
    [overlap],
  );
  const pick = useCallback(
    (cell: HeatCell): void =>
      void navigate({ search: (before) => ({ ...before, a: cell.row, b: cell.column }), resetScroll: false }),
    [navigate],
  );
  const fits = (pair: Pair): boolean =>
    (pair.a === search.a && pair.b === search.b) || (pair.a === search.b && pair.b === search.a);
  const share = ({ a, b }: Pair): number => overlap.matrix[a]?.[b] ?? 0;
  const [largest] = overlap.shared.toSorted((one, other) => share(other) - share(one));
  const pair = overlap.shared.find(fits) ?? largest;
  if (keys.length < 2) {
    return (
      <Empty title={<Trans>Overlap needs two funds that can be looked through</Trans>}>
        <Trans>Import the issuers’ files of the funds you hold, or add funds to compare.</Trans>
      </Empty>
    );
  }
  return (
    <>
      <HeatMap
        label={t`Share in common, per cent`}
        keys={keys}
        cells={cells}
        nameOf={nameOf}
        onPick={pick}
        exportName="overlap"
        table={<MatrixTable overlap={overlap} nameOf={nameOf} />}
      />
      {pair && <SharedTable key={`${pair.a} ${pair.b}`} pair={pair} nameOf={nameOf} />}
      {overlap.warnings.length > 0 && (
        <Note tone="warn">
          <ul>
            {overlap.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Note>
      )}
    </>
  );
};

const Controls = ({ ids, onAdd }: { ids: readonly string[]; onAdd: () => void }) => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className={classes['controls']}>
      <AsOf
        day={search.asOf}
        onChange={(asOf) => void navigate({ search: (before) => ({ ...before, asOf }) })}
      />
      <Button variant="default" leftSection={<IconPlus size={15} />} onClick={onAdd}>
        {ids.length === 0 ? <Trans>Compare chosen funds</Trans> : <Trans>Add a fund</Trans>}
      </Button>
      {ids.length > 0 && (
        <Button
          variant="subtle"
          rightSection={<IconX size={14} />}
          onClick={() =>
            void navigate({
              search: (before) => ({ ...before, instruments: undefined, a: undefined, b: undefined }),
            })
          }
        >
          <Trans>Back to the portfolio’s funds</Trans>
        </Button>
      )}
    </div>
  );
};

const idsOf = (text: string | undefined): string[] =>
  (text ?? '').split(',').filter((id) => /^[0-9a-f-]{36}$/i.test(id));

/** How much funds hold in common: those of a portfolio, or any that are chosen. */
export const OverlapPage = () => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { portfolio } = usePortfolioScope();
  const [adding, setAdding] = useState(false);
  const ids = idsOf(search.instruments);
  const scope = ids.length > 0 ? { instruments: ids } : { portfolio: portfolio?.id ?? '' };
  const ready = ids.length > 0 || portfolio !== null;
  const query = useQuery({ ...overlapQuery(scope, search.asOf), enabled: ready });
  return (
    <>
      <PageHeader
        title={<Trans>Overlap</Trans>}
        lead={
          <Trans>
            For each pair of funds, the sum of the smaller weight of every company that both hold.
          </Trans>
        }
      />
      <LookThroughTabs />
      <Controls ids={ids} onAdd={() => setAdding(true)} />
      {ready ? (
        <Loaded query={query} lines={8}>
          {(overlap) => <Body overlap={overlap} />}
        </Loaded>
      ) : (
        <Empty title={<Trans>Choose a portfolio above, or funds to compare</Trans>} />
      )}
      {adding && (
        <Dialog title={<Trans>Add a fund to compare</Trans>} onClose={() => setAdding(false)}>
          <InstrumentPicker
            label={<Trans>Which fund?</Trans>}
            fundsOnly
            onPick={(instrument) => {
              setAdding(false);
              void navigate({
                search: (before) => ({
                  ...before,
                  instruments: [...new Set([...ids, instrument.id])].join(','),
                  a: undefined,
                  b: undefined,
                }),
              });
            }}
          />
        </Dialog>
      )}
    </>
  );
};
