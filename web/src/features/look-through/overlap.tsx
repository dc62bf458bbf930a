import { Trans, useLingui } from '@lingui/react/macro';
import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { AsOf } from '../../ui/as-of.tsx';
import { HeatMap, type HeatCell } from '../../ui/chart/heat-map.tsx';
import { keyLabel } from '../../ui/chart/key-label.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Empty, Loaded, PageHeader } from '../../ui/page.tsx';
import type { TableColumn } from '../../ui/table-model.ts';
import { InstrumentPicker } from '../instruments/instrument-picker.tsx';
import { usePortfolioScope } from '../portfolios/scope.ts';
import look from './look-through.module.css';
import { CandidateView } from './overlap-candidate.tsx';
import { CoverView } from './overlap-cover.tsx';
import { ComparedFunds, CoverageLine } from './overlap-funds.tsx';
import { LeftOut } from './overlap-notes.tsx';
import { SharedPair, type PairSide } from './overlap-shared.tsx';
import { overlapQuery, type Overlap } from './queries.ts';
import { LookThroughTabs } from './tabs.tsx';

const route = getRouteApi('/app/look-through/overlap');

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

/** The two funds of the address, else the two that have most in common. */
const pairOf = (
  overlap: Overlap,
  a: string | undefined,
  b: string | undefined,
): [PairSide, PairSide] | null => {
  const find = (key: string | undefined): PairSide | undefined =>
    overlap.instruments.find((one) => one.key === key);
  const [one, other] = [find(a), find(b)];
  if (one && other) return [one, other];
  const share = (pair: Overlap['shared'][number]): number => overlap.matrix[pair.a]?.[pair.b] ?? 0;
  const [largest] = overlap.shared.toSorted((x, y) => share(y) - share(x));
  const [first, second] = [find(largest?.a), find(largest?.b)];
  return first && second ? [first, second] : null;
};

const NO_PAIR = { a: undefined, b: undefined, of: undefined, q: undefined };

const Pairs = ({ overlap }: { overlap: Overlap }) => {
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
      void navigate({
        search: (before) => ({ ...before, ...NO_PAIR, a: cell.row, b: cell.column }),
        resetScroll: false,
      }),
    [navigate],
  );
  const remove = useCallback(
    (id: string): void => {
      const left = overlap.instruments.filter((one) => one.id !== id).map((one) => one.id);
      const instruments = left.length === 0 ? undefined : left.join(',');
      void navigate({ search: (before) => ({ ...before, ...NO_PAIR, instruments }), resetScroll: false });
    },
    [navigate, overlap],
  );
  const pair = pairOf(overlap, search.a, search.b);
  const enough = keys.length > 1;
  return (
    <>
      {enough ? (
        <>
          <CoverageLine overlap={overlap} />
          <HeatMap
            label={t`Share in common, per cent`}
            keys={keys}
            cells={cells}
            nameOf={nameOf}
            onPick={pick}
            exportName="overlap"
            table={<MatrixTable overlap={overlap} nameOf={nameOf} />}
          />
          {pair && <SharedPair key={`${pair[0].id} ${pair[1].id}`} a={pair[0]} b={pair[1]} />}
        </>
      ) : (
        <Empty title={<Trans>Overlap needs two funds that can be looked through</Trans>}>
          <Trans>Import the issuers’ files of the funds you hold, or add funds to compare.</Trans>
        </Empty>
      )}
      {keys.length > 0 && <ComparedFunds funds={overlap.instruments} onRemove={remove} />}
      <LeftOut warnings={overlap.warnings} />
    </>
  );
};

const AddFund = ({ ids, onClose }: { ids: readonly string[]; onClose: () => void }) => {
  const navigate = route.useNavigate();
  return (
    <Dialog title={<Trans>Add a fund to compare</Trans>} onClose={onClose}>
      <InstrumentPicker
        label={<Trans>Which fund?</Trans>}
        fundsOnly
        onPick={(instrument) => {
          onClose();
          const instruments = [...new Set([...ids, instrument.id])].join(',');
          void navigate({ search: (before) => ({ ...before, ...NO_PAIR, instruments }) });
        }}
      />
    </Dialog>
  );
};

const idsOf = (text: string | undefined): string[] =>
  (text ?? '').split(',').filter((id) => /^[0-9a-f-]{36}$/i.test(id));

/** Each pair of a portfolio's funds, or of any that are chosen. */
const PairsView = ({ portfolio }: { portfolio: { id: string } | null }) => {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [adding, setAdding] = useState(false);
  const chosen = idsOf(search.instruments);
  const held = portfolio === null ? 'all' : { portfolio: portfolio.id };
  const query = useQuery(overlapQuery(chosen.length > 0 ? { instruments: chosen } : held, search.asOf));
  const compared = query.data?.instruments.map((one) => one.id) ?? chosen;
  return (
    <>
      <div className={look['controls']}>
        <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
          <Trans>Add a fund</Trans>
        </Button>
        {chosen.length > 0 && (
          <Button
            variant="subtle"
            rightSection={<IconX size={14} />}
            onClick={() =>
              void navigate({ search: (before) => ({ ...before, ...NO_PAIR, instruments: undefined }) })
            }
          >
            {portfolio === null ? (
              <Trans>Back to the funds of all portfolios</Trans>
            ) : (
              <Trans>Back to the portfolio’s funds</Trans>
            )}
          </Button>
        )}
      </div>
      <Loaded query={query} lines={8}>
        {(overlap) => <Pairs overlap={overlap} />}
      </Loaded>
      {adding && <AddFund ids={compared} onClose={() => setAdding(false)} />}
    </>
  );
};

const VIEWS = ['pairs', 'candidate', 'cover'] as const;

/** How much funds hold in common: pair by pair, one that is not held yet against all, and the fewest that hold most. */
export const OverlapPage = () => {
  const { t } = useLingui();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { portfolio } = usePortfolioScope();
  const view = search.view ?? 'pairs';
  const leads = {
    pairs: t`For each pair of funds, the sum of the smaller weight of every company that both hold.`,
    candidate: t`A fund that you do not hold, against everything that you do.`,
    cover: t`The fewest of your funds that hold most of what all of them hold.`,
  };
  return (
    <>
      <PageHeader title={<Trans>Overlap</Trans>} lead={leads[view]} />
      <LookThroughTabs />
      <div className={look['controls']}>
        <SegmentedControl
          value={view}
          aria-label={t`What to compare`}
          data={[
            { value: 'pairs', label: t`Each pair` },
            { value: 'candidate', label: t`A candidate` },
            { value: 'cover', label: t`Smallest set` },
          ]}
          onChange={(chosen) => {
            const next = VIEWS.find((one) => one === chosen);
            void navigate({ search: (before) => ({ ...before, view: next === 'pairs' ? undefined : next }) });
          }}
        />
        <AsOf
          bare
          day={search.asOf}
          onChange={(asOf) => void navigate({ search: (before) => ({ ...before, asOf }) })}
        />
      </div>
      {view === 'pairs' && <PairsView portfolio={portfolio} />}
      {view === 'candidate' && <CandidateView portfolio={portfolio} />}
      {view === 'cover' && <CoverView portfolio={portfolio} />}
    </>
  );
};
