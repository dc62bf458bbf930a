import { Trans, useLingui } from '@lingui/react/macro';
import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useId, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Tag } from '../../ui/coverage.tsx';
import { Failure } from '../../ui/page.tsx';
import classes from './instrument-picker.module.css';
import { instrumentSearch, instrumentTag, type Instrument } from './queries.ts';

const SEARCH_PAUSE_MS = 180;
const SHOWN = 8;

type PickerProps = {
  readonly label: ReactNode;
  readonly onPick: (instrument: Instrument) => void;
  readonly onCreate?: ((typed: string) => void) | undefined;
  readonly fundsOnly?: boolean;
};

const Option = ({
  instrument,
  id,
  active,
  onPick,
}: {
  instrument: Instrument;
  id: string;
  active: boolean;
  onPick: () => void;
}) => (
  <div id={id} role="option" aria-selected={active} className={classes['option']} onClick={onPick}>
    <span className={classes['name']}>{instrument.name}</span>
    <span className={classes['tag']}>
      {[instrument.type, instrumentTag(instrument)].filter((part) => part !== '').join(' · ')}
    </span>
    <span className={classes['marks']}>
      {instrument.constituentsAsOf !== null && (
        <Tag>
          <Trans>look-through</Trans>
        </Tag>
      )}
      {instrument.metadata.demo === true && (
        <Tag>
          <Trans>demo</Trans>
        </Tag>
      )}
    </span>
  </div>
);

const keysOf =
  (
    found: readonly Instrument[],
    at: number,
    setAt: (at: number) => void,
    onPick: (instrument: Instrument) => void,
    onNone: () => void,
  ) =>
  (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
    const step = steps[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const chosen = found[at];
      if (chosen) onPick(chosen);
      else onNone();
    }
  };

/** Finds an instrument by name, ticker or ISIN, or leads to creating it. */
export const InstrumentPicker = ({ label, onPick, onCreate, fundsOnly }: PickerProps) => {
  const { t } = useLingui();
  const base = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const [settled] = useDebouncedValue(typed, SEARCH_PAUSE_MS);
  const query = useQuery(
    instrumentSearch(settled, {
      limit: SHOWN,
      withConstituents: fundsOnly === true || settled.trim() === '',
    }),
  );
  // With nothing typed the funds that can be looked through stand there, not the thousands of shares in them.
  const found = query.data ?? [];
  const onKeyDown = keysOf(found, at, setAt, onPick, () => onCreate?.(typed.trim()));
  return (
    <div>
      <TextInput
        label={label}
        placeholder={t`Name, ticker or ISIN`}
        leftSection={<IconSearch aria-hidden size={16} />}
        autoComplete="off"
        data-autofocus
        role="combobox"
        aria-expanded={found.length > 0}
        aria-controls={`${base}-list`}
        aria-activedescendant={found[at] ? `${base}-${at}` : undefined}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      <div id={`${base}-list`} role="listbox" aria-label={t`Instruments found`} className={classes['list']}>
        {found.map((instrument, index) => (
          <Option
            key={instrument.id}
            id={`${base}-${index}`}
            instrument={instrument}
            active={index === at}
            onPick={() => onPick(instrument)}
          />
        ))}
      </div>
      {query.isSuccess && found.length === 0 && (
        <p className={classes['none']}>
          <Trans>Nothing fits that. Create it once, and it is there for every portfolio.</Trans>
        </p>
      )}
      {onCreate && (
        <Button
          variant="subtle"
          size="compact-md"
          leftSection={<IconPlus size={15} />}
          onClick={() => onCreate(typed.trim())}
          mt={8}
        >
          {typed.trim() === '' ? <Trans>Create an instrument</Trans> : <Trans>Create “{typed.trim()}”</Trans>}
        </Button>
      )}
    </div>
  );
};
