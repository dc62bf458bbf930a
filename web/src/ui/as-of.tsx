import { Trans, useLingui } from '@lingui/react/macro';
import { Button, TextInput } from '@mantine/core';
import { useId } from 'react';
import { useFormat } from '../lib/preferences.tsx';
import classes from './as-of.module.css';

type AsOfProps = {
  readonly day: string | undefined;
  readonly onChange: (day: string | undefined) => void;
  readonly small?: boolean;
  /** Stands in a row of buttons: the label stands before the field. */
  readonly bare?: boolean;
};

/** The day that a view is about; empty means today. */
export const AsOf = ({ day, onChange, small, bare }: AsOfProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const id = useId();
  const beside = small === true || bare === true;
  return (
    <span className={classes['asOf']} data-beside={beside}>
      {beside && (
        <label htmlFor={id} className={classes['label']}>
          <Trans>As of</Trans>
        </label>
      )}
      <TextInput
        id={id}
        type="date"
        size={small === true ? 'xs' : 'sm'}
        max={format.today()}
        value={day ?? ''}
        label={beside ? undefined : t`As of`}
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
