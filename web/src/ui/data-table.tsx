import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconDownload } from '@tabler/icons-react';
import {
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
  useTable,
  type ColumnDef,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react';
import { csvDocument, download } from '../lib/csv.ts';
import classes from './data-table.module.css';
import type { TableColumn, TableSort } from './table-model.ts';

/** Rows that belong together, with a heading row and what stands in the figure columns beside it. */
export type TableGroup<T> = {
  readonly key: string;
  readonly title: ReactNode;
  readonly rows: readonly T[];
  /** Subtotals by column id. */
  readonly totals?: Readonly<Record<string, ReactNode>> | undefined;
};

type DataTableProps<T> = {
  /** What the table shows, for people who do not see it. */
  readonly label: string;
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly sort?: TableSort | undefined;
  readonly onSort?: (sort: TableSort) => void;
  /** Divides the sorted rows. */
  readonly groupBy?: ((rows: readonly T[]) => readonly TableGroup<T>[]) | undefined;
  readonly totals?: Readonly<Record<string, ReactNode>> | undefined;
  /** Name of the exported file without its ending; given = the table can be exported. */
  readonly exportName?: string | undefined;
  readonly tools?: ReactNode;
  readonly empty?: ReactNode;
  readonly muted?: ((row: T) => boolean) | undefined;
};

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns: {} });
type Features = typeof features;

/** Tables longer than this draw only the rows in sight. */
const DRAW_ALL_UP_TO = 120;
const ROW_PX = 41;

const useSorted = <T,>(props: DataTableProps<T>) => {
  const [own, setOwn] = useState<TableSort | undefined>(props.sort);
  const sort = props.onSort ? props.sort : own;
  const columns = useMemo(
    () =>
      props.columns.map((column): ColumnDef<Features, T & object> => ({
        id: column.id,
        accessorFn: (row) => row,
        enableSorting: column.compare !== undefined,
        sortFn: (one, other) => column.compare?.(one.original, other.original) ?? 0,
      })),
    [props.columns],
  );
  const sorting = useMemo(() => (sort ? [{ id: sort.id, desc: sort.desc }] : []), [sort]);
  const table = useTable<Features, T & object>({
    features,
    columns,
    data: props.rows as readonly (T & object)[],
    state: { sorting },
  });
  const rows: readonly T[] = table.getRowModel().rows.map((row) => row.original);
  const toggle = (column: TableColumn<T>): void => {
    const desc = sort?.id === column.id ? !sort.desc : column.numeric === true;
    const next = { id: column.id, desc };
    if (props.onSort) props.onSort(next);
    else setOwn(next);
  };
  return { rows, sort, toggle };
};

const Head = <T,>(props: {
  columns: readonly TableColumn<T>[];
  sort: TableSort | undefined;
  toggle: (column: TableColumn<T>) => void;
}) => (
  <thead>
    <tr>
      {props.columns.map((column) => {
        const active = props.sort?.id === column.id ? props.sort : undefined;
        const words = (
          <span className={column.quiet === true ? 'sr-only' : undefined}>
            {column.label}
            {column.unit !== undefined && <span className={classes['unit']}> {column.unit}</span>}
          </span>
        );
        return (
          <th
            key={column.id}
            scope="col"
            data-numeric={column.numeric}
            aria-sort={active ? (active.desc ? 'descending' : 'ascending') : undefined}
            style={{ minInlineSize: column.width }}
          >
            {column.compare ? (
              <button type="button" className={classes['sort']} onClick={() => props.toggle(column)}>
                {words}
                <span className={classes['arrow']} data-active={active !== undefined} aria-hidden>
                  {active?.desc === false ? <IconArrowUp size={13} /> : <IconArrowDown size={13} />}
                </span>
              </button>
            ) : (
              words
            )}
          </th>
        );
      })}
    </tr>
  </thead>
);

const Row = <T,>(props: {
  row: T;
  columns: readonly TableColumn<T>[];
  muted: boolean;
  index?: number | undefined;
}) => (
  <tr data-muted={props.muted} aria-rowindex={props.index}>
    {props.columns.map((column, at) =>
      at === 0 ? (
        <th key={column.id} scope="row" data-numeric={column.numeric}>
          {column.cell(props.row)}
        </th>
      ) : (
        <td key={column.id} data-numeric={column.numeric}>
          {column.cell(props.row)}
        </td>
      ),
    )}
  </tr>
);

const TotalsRow = <T,>(props: {
  title: ReactNode;
  totals: Readonly<Record<string, ReactNode>> | undefined;
  columns: readonly TableColumn<T>[];
  className: string | undefined;
}) => (
  <tr className={props.className}>
    {props.columns.map((column, at) =>
      at === 0 ? (
        <th key={column.id} scope="row">
          {props.title}
        </th>
      ) : (
        <td key={column.id} data-numeric={column.numeric}>
          {props.totals?.[column.id]}
        </td>
      ),
    )}
  </tr>
);

/** Up and down move to the same column of the next row; the page's own keys stay as they are. */
const moveByRow = (event: KeyboardEvent<HTMLElement>): void => {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const cell = (event.target as HTMLElement).closest('td, th');
  const row = cell?.closest('tr');
  if (!cell || !row) return;
  const at = [...row.children].indexOf(cell);
  let next = event.key === 'ArrowDown' ? row.nextElementSibling : row.previousElementSibling;
  while (next) {
    const target = next.children[at]?.querySelector<HTMLElement>('a, button');
    if (target) {
      event.preventDefault();
      target.focus();
      return;
    }
    next = event.key === 'ArrowDown' ? next.nextElementSibling : next.previousElementSibling;
  }
};

type BodyProps<T> = {
  readonly props: DataTableProps<T>;
  readonly rows: readonly T[];
  readonly scroller: HTMLDivElement | null;
};

const VirtualBody = <T,>({ props, rows, scroller }: BodyProps<T>) => {
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  return (
    <tbody onKeyDown={moveByRow}>
      {before > 0 && (
        <tr aria-hidden>
          <td colSpan={props.columns.length} className={classes['spacer']} style={{ blockSize: before }} />
        </tr>
      )}
      {items.map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        return (
          <Row
            key={props.rowKey(row)}
            row={row}
            columns={props.columns}
            muted={props.muted?.(row) ?? false}
            index={item.index + 2}
          />
        );
      })}
      {after > 0 && (
        <tr aria-hidden>
          <td colSpan={props.columns.length} className={classes['spacer']} style={{ blockSize: after }} />
        </tr>
      )}
    </tbody>
  );
};

const PlainBody = <T,>({ props, rows }: Omit<BodyProps<T>, 'scroller'>) => {
  const groups = props.groupBy?.(rows) ?? [{ key: '', title: null, rows, totals: undefined }];
  return (
    <tbody onKeyDown={moveByRow}>
      {groups.map((group) => (
        <Fragment key={group.key}>
          {props.groupBy && (
            <TotalsRow
              className={classes['group']}
              title={group.title}
              totals={group.totals}
              columns={props.columns}
            />
          )}
          {group.rows.map((row) => (
            <Row
              key={props.rowKey(row)}
              row={row}
              columns={props.columns}
              muted={props.muted?.(row) ?? false}
            />
          ))}
        </Fragment>
      ))}
      {props.totals && (
        <TotalsRow
          className={classes['total']}
          title={<Trans>Total</Trans>}
          totals={props.totals}
          columns={props.columns}
        />
      )}
    </tbody>
  );
};

/**
 * A table of records: sortable by keyboard or pointer, numbers to the right with their unit in the heading, the first
 * column in sight when a narrow screen scrolls sideways, thousands of rows without lag, and its exact figures as CSV.
 */
export const DataTable = <T,>(props: DataTableProps<T>) => {
  const { t } = useLingui();
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const { rows, sort, toggle } = useSorted(props);
  const long = props.groupBy === undefined && rows.length > DRAW_ALL_UP_TO;
  const save = (): void => {
    const heads = props.columns.map((column) =>
      column.unit === undefined ? column.label : `${column.label} (${column.unit})`,
    );
    const lines = rows.map((row) => props.columns.map((column) => column.text(row)));
    download(
      `${props.exportName ?? 'table'}.csv`,
      new Blob([csvDocument([heads, ...lines])], { type: 'text/csv;charset=utf-8' }),
    );
  };
  if (rows.length === 0 && props.empty !== undefined) {
    return (
      <>
        {props.tools}
        {props.empty}
      </>
    );
  }
  return (
    <div className={classes['root']}>
      {(props.tools !== undefined || props.exportName !== undefined) && (
        <div className={classes['tools']}>
          {props.tools}
          {props.exportName !== undefined && (
            <Button
              variant="subtle"
              size="compact-sm"
              color="gray"
              className={classes['export'] ?? ''}
              leftSection={<IconDownload aria-hidden size={15} />}
              onClick={save}
            >
              <Trans>CSV</Trans>
            </Button>
          )}
        </div>
      )}
      <div
        ref={setScroller}
        className={classes['scroller']}
        data-long={long}
        role="region"
        aria-label={t`${props.label}, table`}
        tabIndex={0}
      >
        <table className={classes['table']} aria-rowcount={long ? rows.length + 1 : undefined}>
          <caption className="sr-only">{props.label}</caption>
          <Head columns={props.columns} sort={sort} toggle={toggle} />
          {long ? (
            <VirtualBody props={props} rows={rows} scroller={scroller} />
          ) : (
            <PlainBody props={props} rows={rows} />
          )}
        </table>
      </div>
    </div>
  );
};
