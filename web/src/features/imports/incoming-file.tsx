import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon, Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useLayoutEffect, useRef, type RefObject } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { ApiOffline, ApiProblem } from '../../lib/problem.ts';
import { Note } from '../../ui/page.tsx';
import classes from './imports.module.css';
import { formatName } from './format-names.ts';
import { ImportReport } from './import-report.tsx';
import { changeFile, readAgain, removeFile, storeFile, type Incoming, type Preview } from './store.ts';

const SUM_LOW = 98;
const SUM_HIGH = 102;
const ANOTHER = 'another';
const NEW = 'new';

/** Where a file's fund comes from when none of those proposed is it. */
export type FundSource = 'search' | 'new';

const sumsWell = (preview: Preview): boolean =>
  preview.weightSumPct >= SUM_LOW && preview.weightSumPct <= SUM_HIGH;

/** Whether a file can be stored as it stands. */
export const isReady = (one: Incoming): boolean =>
  one.state === 'ready' &&
  one.fund !== undefined &&
  one.preview !== undefined &&
  (one.preview.asOf !== null || (one.day ?? '') !== '') &&
  (one.preview.doubt === null || one.force === true);

const Facts = ({ preview }: { preview: Preview }) => {
  const format = useFormat();
  return (
    <dl className={classes['facts']}>
      <div>
        <dt>
          <Trans>Format</Trans>
        </dt>
        <dd>{formatName(preview.format)}</dd>
      </div>
      <div>
        <dt>
          <Trans>As of</Trans>
        </dt>
        <dd>{preview.asOf === null ? <Trans>not in the file</Trans> : format.day(preview.asOf)}</dd>
      </div>
      <div>
        <dt>
          <Trans>Rows</Trans>
        </dt>
        <dd>{format.count(preview.rows)}</dd>
      </div>
      <div>
        <dt>
          <Trans>Weights sum to</Trans>
        </dt>
        <dd data-warn={!sumsWell(preview)}>{format.percent(preview.weightSumPct)}</dd>
      </div>
      <div>
        <dt>
          <Trans>Cash and derivatives</Trans>
        </dt>
        <dd>{format.percent(preview.cashPct + preview.derivativesPct)}</dd>
      </div>
    </dl>
  );
};

const Top = ({ preview }: { preview: Preview }) => {
  const format = useFormat();
  return (
    <details className={classes['top']}>
      <summary>
        <Trans>The largest rows, as read</Trans>
      </summary>
      <table>
        <tbody>
          {preview.top.map((row) => (
            <tr key={row.name}>
              <th scope="row">{row.name}</th>
              <td>{format.percentFigure(row.weightPct)}</td>
              <td>{row.sector}</td>
              <td>{row.country}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
};

const FundChoice = ({
  incoming,
  preview,
  onAnother,
}: {
  incoming: Incoming;
  preview: Preview;
  onAnother: (from: FundSource) => void;
}) => {
  const { t } = useLingui();
  const { fund } = incoming;
  const newName = preview.fundName;
  const known = preview.candidates.map((one) => ({
    value: one.instrumentId,
    label: [one.name, one.ticker].filter((part) => part !== null).join(' · '),
    why: one.why,
  }));
  const others =
    fund && !known.some((one) => one.value === fund.id) ? [{ value: fund.id, label: fund.name }] : [];
  const why = known.find((one) => one.value === fund?.id)?.why;
  return (
    <NativeSelect
      label={t`Fund`}
      description={why}
      value={fund?.id ?? ''}
      data={[
        ...(fund ? [] : [{ value: '', label: t`Choose its fund` }]),
        ...others,
        ...known.map(({ value, label }) => ({ value, label })),
        { value: ANOTHER, label: t`Another fund…` },
        { value: NEW, label: newName === null ? t`A fund that is not here yet…` : t`Create “${newName}”…` },
      ]}
      onChange={(event) => {
        const id = event.currentTarget.value;
        if (id === ANOTHER) return onAnother('search');
        if (id === NEW) return onAnother('new');
        const chosen = [...known, ...others].find((one) => one.value === id);
        changeFile(incoming.key, { fund: chosen && { id: chosen.value, name: chosen.label } });
      }}
    />
  );
};

/** Why a file whose weights do not sum to a whole waits for a word, and what happens with that word. */
const Force = ({ incoming, preview }: { incoming: Incoming; preview: Preview }) => {
  const { t } = useLingui();
  const format = useFormat();
  const sum = format.percent(preview.weightSumPct);
  return (
    <div className={classes['force']}>
      <Checkbox
        checked={incoming.force ?? false}
        onChange={(event) => changeFile(incoming.key, { force: event.currentTarget.checked })}
        label={
          sumsWell(preview)
            ? t`It may be a part of the fund only. Import it all the same.`
            : t`Its weights do not sum to 98–102 %. Import it all the same.`
        }
      />
      <p className={classes['quiet']}>
        {sumsWell(preview) ? (
          preview.doubt
        ) : preview.weightSumPct < SUM_LOW ? (
          <Trans>
            {sum} is usually a list of the largest positions, not the whole fund. If you import it, the rest
            is shown as not known. The full file is on the issuer’s page, often under “all holdings”.
          </Trans>
        ) : (
          <Trans>
            {sum} can be right for a fund that borrows or goes short. If you import it, its shares are taken
            as published and add up to more than the whole.
          </Trans>
        )}
      </p>
    </div>
  );
};

const Progress = ({ incoming }: { incoming: Incoming }) => {
  const { t } = useLingui();
  const done = incoming.progress ?? 0;
  return (
    <div className={classes['progress']}>
      <progress
        max={100}
        {...(done > 0 ? { value: done } : {})}
        aria-label={t`Import of ${incoming.file.name}`}
      />
      <span className={classes['quiet']}>
        <Trans>You can leave this page: it goes on, and waits for you here.</Trans>
      </span>
    </div>
  );
};

const ReadyFile = ({
  incoming,
  preview,
  onAnother,
}: {
  incoming: Incoming;
  preview: Preview;
  onAnother: (from: FundSource) => void;
}) => {
  const { t } = useLingui();
  const format = useFormat();
  const storing = incoming.state === 'storing';
  return (
    <>
      <Facts preview={preview} />
      <div className={classes['choices']}>
        <FundChoice incoming={incoming} preview={preview} onAnother={onAnother} />
        {preview.asOf === null && (
          <TextInput
            type="date"
            label={t`As of`}
            description={t`The file does not say`}
            max={format.today()}
            value={incoming.day ?? ''}
            onChange={(event) => changeFile(incoming.key, { day: event.currentTarget.value })}
          />
        )}
        <Button disabled={!isReady(incoming)} loading={storing} onClick={() => void storeFile(incoming)}>
          <Trans>Import</Trans>
        </Button>
      </div>
      {preview.doubt !== null && <Force incoming={incoming} preview={preview} />}
      {storing && <Progress incoming={incoming} />}
      {preview.warnings.length > 0 && (
        <Note tone="warn">
          <ul>
            {preview.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Note>
      )}
      <Top preview={preview} />
    </>
  );
};

/** Nothing is wrong with the file itself: the same may work in a moment. */
const mayWorkLater = (error: unknown): boolean =>
  error instanceof ApiOffline ||
  (error instanceof ApiProblem && (error.status >= 500 || error.status === 429));

/** What stopped a file, in words, and the way on. */
const FileProblem = ({ incoming, error }: { incoming: Incoming; error: unknown }) => (
  <Note
    tone="bad"
    live
    actions={
      incoming.state === 'failed' &&
      mayWorkLater(error) && (
        <Button variant="default" size="xs" onClick={() => void readAgain(incoming)}>
          <Trans>Try again</Trans>
        </Button>
      )
    }
  >
    <p>{error instanceof Error ? error.message : <Trans>This file could not be read.</Trans>}</p>
    {incoming.state === 'failed' && !mayWorkLater(error) && (
      <p>
        <Trans>
          Nothing was stored. Choose the file as the issuer publishes it, or take this one off the list.
        </Trans>
      </p>
    )}
  </Note>
);

/** Keeps an entry from its import on as tall as it was: those below it stay where the next tap expects them. */
const useHeldHeight = (state: Incoming['state']): RefObject<HTMLLIElement | null> => {
  const entry = useRef<HTMLLIElement>(null);
  useLayoutEffect(() => {
    if (state === 'storing' && entry.current) {
      entry.current.style.minBlockSize = `${entry.current.offsetHeight}px`;
    }
  }, [state]);
  return entry;
};

/** One file: what was read from it, the fund it belongs to, and what came of it. */
export const IncomingFile = ({
  incoming,
  onAnother,
}: {
  incoming: Incoming;
  onAnother: (from: FundSource) => void;
}) => {
  const { t } = useLingui();
  const { state, preview, report, error } = incoming;
  const entry = useHeldHeight(state);
  const stored = state === 'done' ? incoming.fund?.name : undefined;
  const name = stored ?? preview?.fundName ?? incoming.file.name;
  return (
    <li ref={entry} className={classes['file']} data-state={state}>
      <header className={classes['head']}>
        {state === 'done' && <IconCheck aria-hidden size={18} className={classes['ok']} />}
        <h3 className={classes['name']}>{name}</h3>
        <span className={classes['quiet']}>{name === incoming.file.name ? '' : incoming.file.name}</span>
        {state !== 'storing' && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t`Take ${incoming.file.name} off the list`}
            onClick={() => removeFile(incoming.key)}
          >
            <IconX size={15} />
          </ActionIcon>
        )}
      </header>
      {error !== undefined && <FileProblem incoming={incoming} error={error} />}
      {(state === 'ready' || state === 'storing') && preview && (
        <ReadyFile incoming={incoming} preview={preview} onAnother={onAnother} />
      )}
      {state === 'done' && report && <ImportReport report={report} />}
    </li>
  );
};
