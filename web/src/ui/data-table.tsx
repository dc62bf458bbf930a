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
import { useEffect, useMemo, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';
import { csvDocument } from '@pm/domain/csv';
import { download } from '../lib/download.ts';
import classes from './data-table.module.css';
import type { TableColumn, TableSort } from './table-model.ts';
import { toast } from './toasts.tsx';

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
  /** Columns of the exported file, where it has others than the page. */
  readonly exportColumns?: readonly TableColumn<T>[] | undefined;
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
  /** The rows come in the server's order, page by page. */
  readonly remote?: RemoteRows<T> | undefined;
};

/** Rows of which only the first pages are here. */
export type RemoteRows<T> = {
  /** How many there are on all pages. */
  readonly count: number;
  /** Asks for the next page; called when the end of what is here comes into sight. */
  readonly more: (() => void) | undefined;
  /** All of them, for the exported file. */
  readonly all: () => Promise<readonly T[]>;
};

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns: {} });
type Features = typeof features;

/** Tables longer than this draw only the rows in sight. */
const DRAW_ALL_UP_TO = 60;
/** A first guess; each line is measured when it is drawn. */
const ROW_PX = 44;
/** The next page is asked for so many rows before the end. */
const ROWS_AHEAD = 40;

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
    manualSorting: props.remote !== undefined,
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

const leastWidth = (pixels: number | undefined): CSSProperties | undefined =>
  pixels === undefined ? undefined : ({ '--least': `${pixels}px` } as CSSProperties);

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
            data-wide={column.wide}
            aria-sort={active ? (active.desc ? 'descending' : 'ascending') : undefined}
            style={leastWidth(column.width)}
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

/** One line of the body: a record, the heading of a group, or the sum of all. */
type Line<T> =
  | { readonly kind: 'row'; readonly key: string; readonly row: T }
  | {
      readonly kind: 'group' | 'total';
      readonly key: string;
      readonly title: ReactNode;
      readonly totals: Totals | undefined;
    };

type Totals = Readonly<Record<string, ReactNode>>;

const linesOf = <T,>(props: DataTableProps<T>, rows: readonly T[], total: ReactNode): Line<T>[] => {
  const records = (some: readonly T[]): Line<T>[] =>
    some.map((row) => ({ kind: 'row', key: props.rowKey(row), row }));
  const body = props.groupBy
    ? props
        .groupBy(rows)
        .flatMap((group): Line<T>[] => [
          { kind: 'group', key: `group ${group.key}`, title: group.title, totals: group.totals },
          ...records(group.rows),
        ])
    : records(rows);
  return props.totals ? [...body, { kind: 'total', key: 'total', title: total, totals: props.totals }] : body;
};

type LineProps<T> = {
  readonly line: Line<T>;
  readonly columns: readonly TableColumn<T>[];
  readonly muted: ((row: T) => boolean) | undefined;
  /** Place in the whole table, when only a part of it is drawn. */
  readonly index?: number;
  readonly measure?: (element: HTMLTableRowElement | null) => void;
};

const TableLine = <T,>({ line, columns, muted, index, measure }: LineProps<T>) => {
  const record = line.kind === 'row';
  const content = (column: TableColumn<T>, at: number): ReactNode => {
    if (record) return column.cell(line.row);
    return at === 0 ? line.title : line.totals?.[column.id];
  };
  return (
    <tr
      ref={measure}
      data-index={index}
      className={record ? undefined : classes[line.kind]}
      data-muted={record ? (muted?.(line.row) ?? false) : undefined}
      aria-rowindex={index === undefined ? undefined : index + 2}
    >
      {columns.map((column, at) =>
        at === 0 ? (
          <th key={column.id} scope="row" data-numeric={column.numeric}>
            {content(column, at)}
          </th>
        ) : (
          <td key={column.id} data-numeric={column.numeric} data-wide={column.wide}>
            {content(column, at)}
          </td>
        ),
      )}
    </tr>
  );
};

/** The way that a key goes: Enter in a field goes on, back with Shift; a list of choices keeps its own arrows. */
const rowStep = (event: KeyboardEvent<HTMLElement>): 1 | -1 | null => {
  const { target, key } = event;
  const isChoice = target instanceof HTMLSelectElement;
  if (key === 'Enter' && (isChoice || target instanceof HTMLInputElement)) return event.shiftKey ? -1 : 1;
  if (isChoice || (key !== 'ArrowDown' && key !== 'ArrowUp')) return null;
  return key === 'ArrowDown' ? 1 : -1;
};

/** Up and down move to the same column of the next row; the page's own keys stay as they are. */
const moveByRow = (event: KeyboardEvent<HTMLElement>): void => {
  const step = rowStep(event);
  if (step === null) return;
  const cell = (event.target as HTMLElement).closest('td, th');
  const row = cell?.closest('tr');
  if (!cell || !row) return;
  const at = [...row.children].indexOf(cell);
  const after = (one: Element): Element | null =>
    step === 1 ? one.nextElementSibling : one.previousElementSibling;
  for (let next = after(row); next; next = after(next)) {
    const target = next.children[at]?.querySelector<HTMLElement>('a, button, input, select');
    if (!target) continue;
    event.preventDefault();
    target.focus();
    if (target instanceof HTMLInputElement) target.select();
    return;
  }
};

type BodyProps<T> = {
  readonly props: DataTableProps<T>;
  readonly lines: readonly Line<T>[];
  readonly scroller: HTMLDivElement | null;
};

const Spacer = ({ columns, size }: { columns: number; size: number }) =>
  size > 0 && (
    <tr aria-hidden>
      <td colSpan={columns} className={classes['spacer']} style={{ blockSize: size }} />
    </tr>
  );

/** Draws only the lines in sight. */
const LongBody = <T,>({ props, lines, scroller }: BodyProps<T>) => {
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_PX,
    overscan: 12,
    getItemKey: (index) => lines[index]?.key ?? index,
  });
  const items = virtual.getVirtualItems();
  const more = props.remote?.more;
  const isNearEnd = (items.at(-1)?.index ?? 0) >= lines.length - ROWS_AHEAD;
  useEffect(() => {
    if (isNearEnd) more?.();
  }, [isNearEnd, more]);
  return (
    <tbody onKeyDown={moveByRow}>
      <Spacer columns={props.columns.length} size={items[0]?.start ?? 0} />
      {items.map(({ index, key }) => {
        const line = lines[index];
        return (
          line && (
            <TableLine
              key={key}
              line={line}
              columns={props.columns}
              muted={props.muted}
              index={index}
              measure={virtual.measureElement}
            />
          )
        );
      })}
      <Spacer columns={props.columns.length} size={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
    </tbody>
  );
};

type ScrollerProps<T> = {
  readonly props: DataTableProps<T>;
  readonly lines: readonly Line<T>[];
  readonly sort: TableSort | undefined;
  readonly toggle: (column: TableColumn<T>) => void;
};

const Scroller = <T,>({ props, lines, sort, toggle }: ScrollerProps<T>) => {
  const { t } = useLingui();
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null);
  const long = lines.length > DRAW_ALL_UP_TO;
  return (
    <div
      ref={setScroller}
      className={classes['scroller']}
      data-long={long}
      role="region"
      aria-label={t`${props.label}, table`}
      tabIndex={0}
    >
      <table
        className={classes['table']}
        aria-rowcount={long ? (props.remote?.count ?? lines.length) + 1 : undefined}
      >
        <caption className="sr-only">{props.label}</caption>
        <Head columns={props.columns} sort={sort} toggle={toggle} />
        {long ? (
          <LongBody props={props} lines={lines} scroller={scroller} />
        ) : (
          <tbody onKeyDown={moveByRow}>
            {lines.map((line) => (
              <TableLine key={line.key} line={line} columns={props.columns} muted={props.muted} />
            ))}
          </tbody>
        )}
      </table>
    </div>
  );
};

/** Offers the table as a file; where not all rows are here yet, they are fetched first. */
const useExport = <T,>(props: DataTableProps<T>, shown: readonly T[]) => {
  const { t } = useLingui();
  const [saving, setSaving] = useState(false);
  const columns = props.exportColumns ?? props.columns;
  const write = (rows: readonly T[]): void => {
    const heads = columns.map((column) =>
      column.unit === undefined ? column.label : `${column.label} (${column.unit})`,
    );
    const records = rows.map((row) => columns.map((column) => column.text(row)));
    download(
      `${props.exportName ?? 'table'}.csv`,
      new Blob([csvDocument([heads, ...records])], { type: 'text/csv;charset=utf-8' }),
    );
  };
  const save = (): void => {
    if (!props.remote) return write(shown);
    setSaving(true);
    props.remote
      .all()
      .then(write)
      .catch((error: unknown) =>
        toast(error instanceof Error ? error.message : t`The file could not be made.`, { tone: 'bad' }),
      )
      .finally(() => setSaving(false));
  };
  return { saving, save };
};

/**
 * A table of records: sortable by keyboard or pointer, numbers to the right with their unit in the heading, the first
 * column in sight when a narrow screen scrolls sideways, thousands of rows without lag, and its exact figures as CSV.
 */
export const DataTable = <T,>(props: DataTableProps<T>) => {
  const { t } = useLingui();
  const { rows, sort, toggle } = useSorted(props);
  const lines = linesOf(props, rows, t`Total`);
  const { saving, save } = useExport(props, rows);
  const isEmpty = rows.length === 0 && props.empty !== undefined;
  return (
    <div className={classes['root']}>
      {(props.tools !== undefined || (props.exportName !== undefined && !isEmpty)) && (
        <div className={classes['tools']}>
          {props.tools}
          {props.exportName !== undefined && !isEmpty && (
            <Button
              variant="subtle"
              size="compact-sm"
              color="gray"
              className={classes['export'] ?? ''}
              leftSection={<IconDownload aria-hidden size={15} />}
              loading={saving}
              onClick={save}
            >
              <Trans>CSV</Trans>
            </Button>
          )}
        </div>
      )}
      {isEmpty ? props.empty : <Scroller props={props} lines={lines} sort={sort} toggle={toggle} />}
    </div>
  );
};
