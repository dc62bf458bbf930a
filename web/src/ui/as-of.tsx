import { Trans, useLingui } from '@lingui/react/macro';
import { Button, TextInput } from '@mantine/core';
import { useFormat } from '../lib/preferences.tsx';
import classes from './as-of.module.css';

type AsOfProps = {
  readonly day: string | undefined;
  readonly onChange: (day: string | undefined) => void;
  readonly small?: boolean;
  /** Stands in a row of buttons: the label is only read out. */
  readonly bare?: boolean;
};

/** The day that a view is about; empty means today. */
export const AsOf = ({ day, onChange, small, bare }: AsOfProps) => {
  const { t } = useLingui();
  const format = useFormat();
  return (
    <span className={classes['asOf']}>
      <TextInput
        type="date"
        size={small === true ? 'xs' : 'sm'}
        max={format.today()}
        value={day ?? ''}
        {...(small === true || bare === true ? { 'aria-label': t`As of` } : { label: t`As of` })}
        onChange={(event) => {
          const next = event.currentTarget.value;
          onChange(next === '' ? undefined : next);
        }}
      />
      {day !== undefined && (
        <Button
          variant="subtle"
          size={small === true ? 'compact-xs' : 'compact-sm'}
          onClick={() => onChange(undefined)}
        >
          <Trans>Today</Trans>
        </Button>
      )}
    </span>
  );
};
