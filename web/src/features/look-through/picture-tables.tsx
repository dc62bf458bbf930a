import { useLingui } from '@lingui/react/macro';
import { useMemo, type ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import type { TreemapBranch, TreemapLeaf } from '../../ui/chart/treemap.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import classes from './look-through.module.css';
import { pairsOf, type Pair } from './slices.ts';
import type { Weight } from './weights.ts';

/** A name that leads one level down. */
export const Pick = ({ onPick, children }: { onPick: () => void; children: ReactNode }) => (
  <button type="button" className={classes['companyName']} onClick={onPick}>
    {children}
  </button>
);

const nameCell = <W extends Weight>(weight: W, onPick: (weight: W) => void): ReactNode =>
  weight.rest === true ? weight.name : <Pick onPick={() => onPick(weight)}>{weight.name}</Pick>;

const leafCell = (
  { branch, leaf }: Pair,
  onLeaf: (leaf: TreemapLeaf, branch: TreemapBranch) => void,
): ReactNode => <Pick onPick={() => onLeaf(leaf, branch)}>{leaf.name}</Pick>;

/** Names with their shares. */
export const WeightsTable = <W extends Weight>(props: {
  label: string;
  heading: string;
  weights: readonly W[];
  onPick: (weight: W) => void;
  exportName: string;
}) => {
  const { t } = useLingui();
  const format = useFormat();
  const { heading, onPick } = props;
  const columns = useMemo(
    (): readonly TableColumn<W>[] => [
      textColumn({
        id: 'name',
        label: heading,
        read: (one: W) => one.name,
        cell: (one: W) => nameCell(one, onPick),
      }),
      numberColumn({
        id: 'percent',
        label: t`Share`,
        unit: '%',
        read: (one: W) => one.percent,
        write: format.percentFigure,
      }),
    ],
    [heading, t, format, onPick],
  );
  return (
    <DataTable
      label={props.label}
      columns={columns}
      rows={props.weights}
      rowKey={(one) => one.name}
      exportName={props.exportName}
    />
  );
};

/** Both rings of a nested picture, pair by pair. */
export const PairsTable = (props: {
  label: string;
  heads: readonly [string, string];
  branches: readonly TreemapBranch[];
  exportName: string;
  onLeaf: (leaf: TreemapLeaf, branch: TreemapBranch) => void;
}) => {
  const { t } = useLingui();
  const format = useFormat();
  const { branches, onLeaf } = props;
  const [outer, inner] = props.heads;
  const rows = useMemo(() => pairsOf(branches), [branches]);
  const columns = useMemo((): readonly TableColumn<Pair>[] => {
    return [
      textColumn({
        id: 'inner',
        label: inner,
        read: (one: Pair) => one.leaf.name,
        cell: (one: Pair) => leafCell(one, onLeaf),
      }),
      textColumn({ id: 'outer', label: outer, read: (one: Pair) => one.branch.name }),
      numberColumn({
        id: 'percent',
        label: t`Share`,
        unit: '%',
        read: (one: Pair) => one.leaf.percent,
        write: format.percentFigure,
      }),
    ];
  }, [outer, inner, t, format, onLeaf]);
  return (
    <DataTable
      label={props.label}
      columns={columns}
      rows={rows}
      rowKey={(one) => `${one.branch.name} ${one.leaf.id}`}
      exportName={props.exportName}
    />
  );
};
