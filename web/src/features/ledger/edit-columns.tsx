import { useLingui } from '@lingui/react/macro';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useDecimalReader } from '../../ui/form.tsx';
import { numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { toast } from '../../ui/toasts.tsx';
import type { Portfolio } from '../portfolios/queries.ts';
import { PLACES, type PlaceId } from './columns.ts';
import type { HoldingChange } from './holding-edit.ts';
import classes from './ledger.module.css';
import type { Holding } from './queries.ts';

export type Edit = (holding: Holding, change: HoldingChange) => void;

const MOST_PERCENT = 100;
const MOST_NOTES = 4_000;

/** A name of one of the portfolio's lists; one that left its list stays choosable where it stands. */
const NameCell = (props: {
  value: string;
  names: readonly string[];
  label: string;
  onPick: (name: string) => void;
}) => {
  const { value, names } = props;
  const all = names.includes(value) ? names : [value, ...names];
  return (
    <select
      className={classes['editSelect']}
      aria-label={props.label}
      value={value}
      onChange={(event) => props.onPick(event.currentTarget.value)}
    >
      {all.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
};

type TextCellProps = {
  readonly value: string;
  readonly label: string;
  readonly numeric?: boolean;
  readonly maxLength?: number;
  /** False when what was typed cannot be kept. */
  readonly onKeep: (typed: string) => boolean;
};

/** A field that is kept when it is left or Enter is pressed; Escape puts back what stood there. */
const TextCell = ({ value, label, numeric, maxLength, onKeep }: TextCellProps) => {
  const typed = useRef<string | null>(null);
  /** False when what was typed cannot be kept. */
  const keep = (): boolean => {
    const text = typed.current?.trim() ?? value;
    typed.current = null;
    return text === value || onKeep(text);
  };
  const leave = useEffectEvent(keep);
  // A row that is scrolled out of sight goes without its field being left.
  useEffect(() => () => void leave(), []);
  return (
    <input
      key={value}
      className={classes['editText']}
      data-numeric={numeric}
      inputMode={numeric === true ? 'decimal' : 'text'}
      aria-label={label}
      defaultValue={value}
      maxLength={maxLength}
      onChange={(event) => {
        typed.current = event.currentTarget.value;
      }}
      onBlur={(event) => {
        if (!keep()) event.currentTarget.value = value;
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        typed.current = null;
        event.currentTarget.value = value;
        event.currentTarget.blur();
      }}
    />
  );
};

const nameOf = (holding: Holding): string => holding.name;

const useTarget = (edit: Edit) => {
  const { t } = useLingui();
  const read = useDecimalReader();
  return (holding: Holding, typed: string): boolean => {
    const percent = typed === '' ? null : Number(read(typed) ?? Number.NaN);
    if (percent !== null && !(percent >= 0 && percent <= MOST_PERCENT)) {
      toast(t`A percentage from 0 to 100.`, { tone: 'bad' });
      return false;
    }
    edit(holding, { targetPct: percent });
    return true;
  };
};

const PLACE_LISTS = { section: 'sections', theme: 'themes', account: 'accounts' } as const;

/** Where a holding belongs; a theme brings its section along. */
const usePlaceColumns = (portfolio: Portfolio, edit: Edit): TableColumn<Holding>[] => {
  const { t } = useLingui();
  const { lists } = portfolio;
  const labels = { section: t`Section`, theme: t`Theme`, account: t`Account` };
  const changeOf = (holding: Holding, id: PlaceId, name: string): HoldingChange =>
    id === 'theme' ? { theme: name, section: lists.themeSections[name] ?? holding.section } : { [id]: name };
  return PLACES.map((id) =>
    textColumn({
      id,
      label: labels[id],
      width: 130,
      read: (one) => one[id],
      cell: (one) => (
        <NameCell
          value={one[id]}
          names={lists[PLACE_LISTS[id]]}
          label={t`${labels[id]} of ${nameOf(one)}`}
          onPick={(name) => edit(one, changeOf(one, id, name))}
        />
      ),
    }),
  );
};

const useTargetColumn = (edit: Edit): TableColumn<Holding> => {
  const { t } = useLingui();
  const keepTarget = useTarget(edit);
  return numberColumn({
    id: 'target',
    label: t`Target`,
    unit: '%',
    read: (one) => one.targetPct,
    write: String,
    cell: (one) => (
      <TextCell
        numeric
        value={one.targetPct === null ? '' : String(one.targetPct)}
        label={t`Target share of ${nameOf(one)}, per cent`}
        onKeep={(typed) => keepTarget(one, typed)}
      />
    ),
  });
};

const useIncludeColumn = (edit: Edit): TableColumn<Holding> => {
  const { t } = useLingui();
  return textColumn({
    id: 'include',
    label: t`Counts`,
    read: (one) => (one.include ? t`yes` : t`no`),
    cell: (one) => (
      <input
        type="checkbox"
        className={classes['editBox']}
        aria-label={t`${nameOf(one)} counts in totals, targets and exposure`}
        checked={one.include}
        onChange={(event) => edit(one, { include: event.currentTarget.checked })}
      />
    ),
  });
};

const useNotesColumn = (edit: Edit): TableColumn<Holding> => {
  const { t } = useLingui();
  return textColumn({
    id: 'notes',
    label: t`Notes`,
    width: 150,
    read: (one) => one.notes ?? '',
    cell: (one) => (
      <TextCell
        value={one.notes ?? ''}
        label={t`Notes on ${nameOf(one)}`}
        maxLength={MOST_NOTES}
        onKeep={(typed) => {
          edit(one, { notes: typed === '' ? null : typed });
          return true;
        }}
      />
    ),
  });
};

/** Columns in which holdings are changed where they stand: where they belong, their target, whether they count, notes. */
export const useEditColumns = (portfolio: Portfolio, edit: Edit): TableColumn<Holding>[] => [
  ...usePlaceColumns(portfolio, edit),
  useTargetColumn(edit),
  useIncludeColumn(edit),
  useNotesColumn(edit),
];
