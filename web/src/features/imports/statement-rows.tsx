import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../ui/dialog.tsx';
import { InstrumentForm } from '../instruments/instrument-form.tsx';
import { InstrumentPicker } from '../instruments/instrument-picker.tsx';
import classes from './statements.module.css';
import type { StatementPreview } from './statement-queries.ts';

type Security = StatementPreview['securities'][number];

const ChooseInstrument = (props: {
  security: Security;
  onChoose: (instrumentId: string) => void;
  onClose: () => void;
}) => {
  const { security } = props;
  const name = security.name ?? security.ticker ?? security.isin ?? '';
  const [creating, setCreating] = useState<string | null>(null);
  return (
    <Dialog title={<Trans>Which instrument is {name}?</Trans>} onClose={props.onClose}>
      {creating === null ? (
        <InstrumentPicker
          label={<Trans>Instrument</Trans>}
          onPick={(instrument) => props.onChoose(instrument.id)}
          onCreate={(typed) => setCreating(typed === '' ? (security.isin ?? name) : typed)}
        />
      ) : (
        <InstrumentForm
          name={creating}
          onMade={(made) => props.onChoose(made.id)}
          onCancel={() => setCreating(null)}
        />
      )}
    </Dialog>
  );
};

const SecurityRow = ({
  security,
  onChoose,
  onOther,
}: {
  security: Security;
  onChoose: (instrumentId: string) => void;
  onOther: () => void;
}) => {
  const { t } = useLingui();
  const name = security.name ?? security.ticker ?? security.isin ?? security.key;
  const codes = [security.isin, security.sedol, security.ticker].filter(
    (code) => code !== null && code !== name,
  );
  return (
    <li className={classes['security']} data-open={security.instrument === null}>
      <div>
        <strong>{name}</strong>
        <p className={classes['quiet']}>
          {codes.length > 0 && <>{codes.join(' · ')} · </>}
          <Plural value={security.rows} one="# row" other="# rows" />
        </p>
      </div>
      {security.instrument !== null ? (
        <p>
          {security.instrument.name} <span className={classes['quiet']}>({security.instrument.why})</span>
        </p>
      ) : (
        <div className={classes['choices']}>
          {security.candidates.map((one) => (
            <Button
              key={one.instrumentId}
              size="compact-sm"
              variant="default"
              onClick={() => onChoose(one.instrumentId)}
            >
              {one.name} ({one.why})
            </Button>
          ))}
        </div>
      )}
      <Button
        size="compact-sm"
        variant={security.instrument === null ? 'filled' : 'subtle'}
        aria-label={
          security.instrument === null
            ? t`Choose… the instrument of ${name}`
            : t`Another… instrument for ${name}`
        }
        onClick={onOther}
      >
        {security.instrument === null ? <Trans>Choose…</Trans> : <Trans>Another…</Trans>}
      </Button>
    </li>
  );
};

/** The securities of a statement; those that are not sure ask to be chosen. */
export const StatementSecurities = ({
  securities,
  onChoose,
}: {
  securities: readonly Security[];
  onChoose: (key: string, instrumentId: string) => void;
}) => {
  const [choosing, setChoosing] = useState<Security | null>(null);
  const open = securities.toSorted((a, b) => Number(a.instrument !== null) - Number(b.instrument !== null));
  return (
    <>
      <ul className={classes['securities']}>
        {open.map((one) => (
          <SecurityRow
            key={one.key}
            security={one}
            onChoose={(id) => onChoose(one.key, id)}
            onOther={() => setChoosing(one)}
          />
        ))}
      </ul>
      {choosing !== null && (
        <ChooseInstrument
          security={choosing}
          onChoose={(id) => {
            onChoose(choosing.key, id);
            setChoosing(null);
          }}
          onClose={() => setChoosing(null)}
        />
      )}
    </>
  );
};

/** Rows with what is wrong or doubtful about each, to be left out one by one. */
export const StatementRows = ({
  rows,
  onLeaveOut,
}: {
  rows: readonly { readonly row: number | null; readonly field?: string; readonly message: string }[];
  onLeaveOut: (row: number) => void;
}) => {
  const { t } = useLingui();
  return (
    <ul className={classes['rows']}>
      {rows.map(({ row, field, message }, at) => (
        <li key={`${row ?? 0} ${field ?? ''} ${at}`}>
          <span className={classes['rowNumber']}>
            {row === null ? <Trans>All</Trans> : <Trans>Row {row}</Trans>}
          </span>
          <span>{message}</span>
          {row !== null && field !== 'security' && (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t`Leave out row ${row}`}
              onClick={() => onLeaveOut(row)}
            >
              <Trans>Leave out</Trans>
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
};
