import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect, Switch } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { newKey } from '../../lib/uuid.ts';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Empty, Failure, Note, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import { mayEdit, type Portfolio } from '../portfolios/queries.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { ImportTabs } from './import-tabs.tsx';
import { StatementList, useUndoStatement } from './statement-list.tsx';
import {
  recordStatement,
  statementPreviewQuery,
  type StatementChoices,
  type StatementMapping,
  type StatementPreview,
  type StatementReport,
} from './statement-queries.ts';
import { StatementReading } from './statement-reading.tsx';
import { StatementRows, StatementSecurities } from './statement-rows.tsx';
import classes from './statements.module.css';

const Facts = ({ preview }: { preview: StatementPreview }) => {
  const format = useFormat();
  const { counts } = preview;
  const money = counts.deposit + counts.withdrawal;
  const income = counts.dividend + counts.interest;
  const charges = counts.fee + counts.tax;
  return (
    <dl className={classes['facts']}>
      {preview.from !== null && preview.to !== null && (
        <div>
          <dt>
            <Trans>Days</Trans>
          </dt>
          <dd>
            {format.day(preview.from)} – {format.day(preview.to)}
          </dd>
        </div>
      )}
      {(
        [
          [counts.buy, <Trans key="buy">Purchases</Trans>],
          [counts.sell, <Trans key="sell">Sales</Trans>],
          [income, <Trans key="income">Income</Trans>],
          [money, <Trans key="money">Money in and out</Trans>],
          [charges, <Trans key="charges">Charges</Trans>],
          [counts.split, <Trans key="split">Splits</Trans>],
          [preview.duplicates, <Trans key="known">Recorded before</Trans>],
          [preview.leftOutCount, <Trans key="left">Left out</Trans>],
        ] as const
      )
        .filter(([count]) => count > 0)
        .map(([count, label], at) => (
          <div key={at}>
            <dt>{label}</dt>
            <dd>{count}</dd>
          </div>
        ))}
    </dl>
  );
};

const HeldAfter = ({ preview }: { preview: StatementPreview }) => {
  const { t } = useLingui();
  const format = useFormat();
  if (preview.holdings.length === 0) return null;
  return (
    <Section title={<Trans>Held afterwards</Trans>} quiet>
      <table className={classes['held']} aria-label={t`Held afterwards`}>
        <tbody>
          {preview.holdings.map((one) => (
            <tr key={one.name}>
              <th scope="row">{one.name}</th>
              <td>{one.cash === null ? format.quantity(one.qty) : format.money(one.qty, one.cash)}</td>
              <td className={classes['quiet']}>{one.isNew && <Trans>new</Trans>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
};

const Recorded = ({ report, onNext }: { report: StatementReport; onNext: () => void }) => {
  const undo = useUndoStatement();
  return (
    <>
      <Note
        live
        title={<Plural value={report.recorded} one="# row is recorded" other="# rows are recorded" />}
      >
        <p>
          <Plural value={report.trades} one="# trade with its cash" other="# trades with their cash" />
          {report.duplicates > 0 && (
            <>
              {'; '}
              <Plural
                value={report.duplicates}
                one="# row was there before"
                other="# rows were there before"
              />
            </>
          )}
          .
        </p>
      </Note>
      <div className={classes['buttons']}>
        <Link to="/holdings" search={{ portfolio: report.portfolioId }}>
          <Trans>See the holdings</Trans>
        </Link>
        {report.recorded > 0 && (
          <Button
            variant="default"
            size="compact-md"
            loading={undo.isPending}
            onClick={() => undo.mutate(report.importId, { onSuccess: onNext })}
          >
            <Trans>Take it back</Trans>
          </Button>
        )}
        <Button variant="default" size="compact-md" onClick={onNext}>
          <Trans>Import another statement</Trans>
        </Button>
      </div>
    </>
  );
};

type Work = { readonly key: string; readonly file: File };

type Setter = (change: Partial<StatementChoices>) => void;

const Options = (props: { preview: StatementPreview; choices: StatementChoices; set: Setter }) => {
  const { preview, choices, set } = props;
  return (
    <div className={classes['options']}>
      <Switch
        label={<Trans>Keep the account’s cash too</Trans>}
        description={
          <Trans>
            Purchases are paid from it, sales and income go into it. Right when the file tells of deposits.
          </Trans>
        }
        checked={preview.settle}
        onChange={(event) => set({ settle: event.currentTarget.checked })}
      />
      {preview.settle && (
        <Switch
          label={<Trans>The cash may fall below zero</Trans>}
          description={<Trans>For a file that begins after money was paid in.</Trans>}
          checked={choices.overdraw}
          onChange={(event) => set({ overdraw: event.currentTarget.checked })}
        />
      )}
    </div>
  );
};

/** What was found in the file, and what has to be decided before it is recorded. */
const Found = (props: {
  preview: StatementPreview;
  choices: StatementChoices;
  set: Setter;
  onMapping: (mapping: StatementMapping) => Promise<void>;
}) => {
  const { preview, choices, set, onMapping } = props;
  const [reading, setReading] = useState(false);
  const leaveOut = (row: number): void => set({ leaveOut: [...choices.leaveOut, row] });
  const problems = preview.problems.filter((one) => one.field !== 'security');
  const choose = (key: string, instrumentId: string): void => {
    void onMapping({ securities: { [key]: instrumentId } });
  };
  return (
    <>
      <p>
        {preview.preset === 'general' ? (
          <Trans>No broker’s headers that are known here: read by its columns.</Trans>
        ) : (
          <Trans>Recognised: {preview.presetTitle}.</Trans>
        )}{' '}
        {preview.known === 'inferred' && (
          <Trans>Its columns were put together from descriptions; look closely.</Trans>
        )}{' '}
        {preview.remembered && <Trans>Read as you chose before.</Trans>}{' '}
        <Button
          variant="subtle"
          size="compact-sm"
          aria-expanded={reading}
          onClick={() => setReading(!reading)}
        >
          <Trans>Change how it is read</Trans>
        </Button>
      </p>
      {reading && <StatementReading key={preview.preset} preview={preview} onSave={onMapping} />}
      <Facts preview={preview} />
      <Options preview={preview} choices={choices} set={set} />
      {problems.length > 0 && (
        <Section
          title={<Plural value={preview.problemCount} one="# thing to settle" other="# things to settle" />}
          lead={<Trans>Nothing is recorded while one of these stands.</Trans>}
        >
          <StatementRows rows={problems} onLeaveOut={leaveOut} />
        </Section>
      )}
      {preview.securities.length > 0 && (
        <Section title={<Trans>Securities</Trans>}>
          <StatementSecurities securities={preview.securities} onChoose={choose} />
        </Section>
      )}
      {preview.perhapsTwice.length > 0 && (
        <Section title={<Trans>Perhaps entered by hand already</Trans>}>
          <StatementRows rows={preview.perhapsTwice} onLeaveOut={leaveOut} />
        </Section>
      )}
      <HeldAfter preview={preview} />
    </>
  );
};

/** Merges what is chosen now into what is remembered for such files. */
const merged = (before: StatementMapping, change: StatementMapping): StatementMapping => ({
  ...before,
  ...change,
  securities: { ...before.securities, ...change.securities },
});

const chosenIn = (preview: StatementPreview): StatementMapping => ({
  ...(preview.remembered && {
    preset: preview.preset,
    ...(preview.preset === 'general' && {
      columns: preview.columns,
      ...(preview.dayOrder !== null && { dayOrder: preview.dayOrder }),
    }),
  }),
  securities: Object.fromEntries(
    preview.securities.flatMap((one) =>
      one.instrument?.why === 'chosen by you' ? [[one.key, one.instrument.instrumentId]] : [],
    ),
  ),
});

/** Records the statement, and says how far it is and what stopped it. */
const useRecording = (file: File, choices: StatementChoices) => {
  const client = useQueryClient();
  const [report, setReport] = useState<StatementReport | null>(null);
  const [busy, setBusy] = useState<number | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const record = async (): Promise<void> => {
    setBusy(0);
    setFailure(null);
    try {
      setReport(await recordStatement(file, choices, setBusy));
      await client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'statement-preview' });
    } catch (error) {
      setFailure(error);
    }
    setBusy(null);
  };
  return { report, busy, failure, record, forget: () => setFailure(null) };
};

/** The statement as it would be recorded, and how choices about files of its form are kept. */
const useStatementPreview = (work: Work, choices: StatementChoices) => {
  const client = useQueryClient();
  const [mapping, setMapping] = useState<StatementMapping>({});
  const query = useQuery(statementPreviewQuery(work.key, work.file, choices));
  const preview = query.data;
  const remember = async (change: StatementMapping): Promise<void> => {
    if (preview === undefined) return;
    const next = merged(merged(chosenIn(preview), mapping), change);
    setMapping(next);
    const body = { signature: preview.signature, mapping: next };
    await api('PUT /api/imports/statement-mappings', { body });
    await client.invalidateQueries({ queryKey: ['statement-preview', work.key] });
  };
  return { query, preview: query.isError ? undefined : preview, remember };
};

const Incoming = ({ work, portfolio, onNext }: { work: Work; portfolio: Portfolio; onNext: () => void }) => {
  const [choices, setChoices] = useState<StatementChoices>({
    portfolioId: portfolio.id,
    account: portfolio.lists.accounts[0] ?? '',
    settle: undefined,
    overdraw: false,
    leaveOut: [],
  });
  const { report, busy, failure, record, forget } = useRecording(work.file, choices);
  const { query, preview, remember } = useStatementPreview(work, choices);
  const set: Setter = (change) => {
    forget();
    setChoices((before) => ({ ...before, ...change }));
  };
  if (report !== null) return <Recorded report={report} onNext={onNext} />;
  return (
    <Section title={work.file.name}>
      <div className={classes['place']}>
        <NativeSelect
          label={<Trans>Account</Trans>}
          value={choices.account}
          onChange={(event) => set({ account: event.currentTarget.value })}
          data={portfolio.lists.accounts}
        />
      </div>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Waiting />}
      {preview && <Found preview={preview} choices={choices} set={set} onMapping={remember} />}
      {failure !== null && <Failure error={failure} />}
      <div className={classes['buttons']}>
        <Button
          disabled={preview?.ready !== true || query.isFetching}
          loading={busy !== null}
          onClick={() => void record()}
        >
          <Plural value={preview?.trades ?? 0} one="Record # trade" other="Record # trades" />
        </Button>
        <Button variant="default" onClick={onNext}>
          <Trans>Cancel</Trans>
        </Button>
        {busy !== null && busy > 0 && <progress max={100} value={busy} />}
      </div>
      {preview?.trades === 0 && preview.duplicates > 0 && (
        <p>
          <Trans>Everything in this file is recorded already.</Trans>
        </p>
      )}
    </Section>
  );
};

/** A broker's statement becomes trades. */
export const StatementsPage = () => {
  const { portfolios, portfolio } = usePortfolioScope();
  const [work, setWork] = useState<Work | null>(null);
  const editable = portfolios?.filter(mayEdit) ?? [];
  const [chosen, setChosen] = useState<string>('');
  const target =
    editable.find((one) => one.id === chosen) ??
    editable.find((one) => one.id === portfolio?.id) ??
    editable.find((one) => one.type === 'actual') ??
    editable[0];
  return (
    <>
      <PageHeader
        title={<Trans>Import a statement</Trans>}
        lead={
          <Trans>
            What you bought and sold, as your broker’s CSV file tells it. You see everything before it is
            recorded, and can take it back as a whole.
          </Trans>
        }
      />
      <ImportTabs />
      {portfolios !== undefined && target === undefined && (
        <Empty title={<Trans>There is no portfolio yet</Trans>}>
          <Trans>Start one first; then its trades can come in.</Trans>
        </Empty>
      )}
      {target !== undefined && (
        <>
          {editable.length > 1 && work === null && (
            <div className={classes['place']}>
              <NativeSelect
                label={<Trans>Portfolio</Trans>}
                value={target.id}
                onChange={(event) => setChosen(event.currentTarget.value)}
                data={editable.map(({ id, name }) => ({ value: id, label: name }))}
              />
            </div>
          )}
          {work === null ? (
            <FileDrop
              multiple={false}
              accept=".csv,.txt,.tsv,text/csv,text/plain"
              onFiles={([file]) => file && setWork({ key: newKey(), file })}
              hint={
                <Trans>
                  Hargreaves Lansdown, AJ Bell, interactive investor, Trading 212, Freetrade, InvestEngine,
                  Vanguard UK, or any table whose columns you choose.
                </Trans>
              }
            />
          ) : (
            <Incoming key={work.key} work={work} portfolio={target} onNext={() => setWork(null)} />
          )}
        </>
      )}
      <StatementList />
    </>
  );
};
