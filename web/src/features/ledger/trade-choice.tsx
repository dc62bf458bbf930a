import { SegmentedControl } from '@mantine/core';
import classes from './trade-dialog.module.css';
import type { Holding } from './queries.ts';
import type { Field, TradeValues } from './trade-model.ts';

/** What every part of the trade form works on. */
export type FieldsProps = {
  readonly holding: Holding;
  readonly values: TradeValues;
  readonly set: (name: Field, value: string) => void;
  /** The trade is corrected: what it is in cannot change any more. */
  readonly correcting: boolean;
  readonly autoFocus: boolean;
};

/** Two or three choices beside each other, with a name of their own. */
export const Choice = ({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
}) => (
  <SegmentedControl
    size="xs"
    className={classes['choice'] ?? ''}
    aria-label={label}
    value={value}
    data={[...options]}
    onChange={onChange}
  />
);
