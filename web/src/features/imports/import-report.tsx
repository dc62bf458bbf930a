import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Note } from '../../ui/page.tsx';
import { decimalColumn, numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import classes from './imports.module.css';
import { formatName } from './format-names.ts';
import { partsOfReport, type ReportPart } from './report-parts.ts';
import type { Report } from './store.ts';

type Unsure = Report['unsure'][number];

const Fact = ({ name, children }: { name: ReactNode; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Facts = ({ report }: { report: Report }) => {
  const format = useFormat();
  return (
    <dl className={classes['facts']}>
      <Fact name={<Trans>Format</Trans>}>{formatName(report.format)}</Fact>
      <Fact name={<Trans>As of</Trans>}>{format.day(report.asOf)}</Fact>
      <Fact name={<Trans>Rows</Trans>}>{format.count(report.rows)}</Fact>
      <Fact name={<Trans>Weights sum to</Trans>}>{format.percent(report.weightSumPct)}</Fact>
      <Fact name={<Trans>Cash</Trans>}>{format.percent(report.cashPct)}</Fact>
      <Fact name={<Trans>Derivatives</Trans>}>{format.percent(report.derivativesPct)}</Fact>
      <Fact name={<Trans>Placed</Trans>}>{format.count(report.matched)}</Fact>
      <Fact name={<Trans>Unsure</Trans>}>{format.count(report.unmatched)}</Fact>
    </dl>
  );
};

/** What became of the rows: which were known, which are new, which wait for a decision. */
const Matches = ({ report }: { report: Report }) => {
  const { t } = useLingui();
  const format = useFormat();
  const words: Readonly<Record<ReportPart['kind'], { name: string; what: string }>> = {
    known: { name: t`Known`, what: t`surely the same security as in another file` },
    created: { name: t`New`, what: t`securities that this file brought` },
    unsure: { name: t`Unsure`, what: t`kept apart until somebody decides` },
  };
  return (
    <div className={classes['matches']}>
      <div className={classes['matchBar']} aria-hidden>
        {partsOfReport(report).map(({ kind, rows, percent }) => (
          <span
            key={kind}
            data-kind={kind}
            style={{ inlineSize: `${percent}%` }}
            title={`${words[kind].name}: ${format.count(rows)}`}
          />
        ))}
      </div>
      <ul className={classes['matchKey']} aria-label={t`What the rows were matched to`}>
        {partsOfReport(report).map(({ kind, rows }) => (
          <li key={kind} data-kind={kind}>
            <span className={classes['swatch']} aria-hidden />
            <strong>{format.count(rows)}</strong> {words[kind].name},{' '}
            <span className={classes['quiet']}>{words[kind].what}</span>
          </li>
        ))}
      </ul>
    </div>
  );
};

/** By what the rows were placed, surest first; words that came later stand as they are. */
const Methods = ({ methods }: { methods: NonNullable<Report['methods']> }) => {
  const { t } = useLingui();
  const format = useFormat();
  const words: ReadonlyMap<string, string> = new Map([
    ['isin', t`ISIN`],
    ['cusip', t`CUSIP`],
    ['sedol', t`SEDOL`],
    ['figi', t`FIGI`],
    ['ticker-exchange', t`ticker, exchange and name`],
    ['ticker-country', t`ticker, country and name`],
    ['line', t`name, place and currency`],
    ['decision', t`a decision made before`],
    ['cash', t`cash`],
    ['contract', t`contracts`],
  ]);
  const placed = Object.entries(methods)
    .filter(([method, rows]) => method !== 'new' && method !== 'unsure' && rows > 0)
    .toSorted(([, one], [, other]) => other - one);
  if (placed.length === 0) return null;
  return (
    <p className={classes['quiet']}>
      <Trans>Matched by</Trans>{' '}
      {placed.map(([method, rows]) => `${words.get(method) ?? method} ${format.count(rows)}`).join(' · ')}
    </p>
  );
};

const useColumns = (): readonly TableColumn<Unsure>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn({
        id: 'name',
        label: t`As the issuer wrote it`,
        width: 160,
        read: (one: Unsure) => [one.name, one.ticker].filter((part) => part !== null).join(' · '),
      }),
      numberColumn({ id: 'row', label: t`Row`, read: (one: Unsure) => one.row, write: format.count }),
      decimalColumn({
        id: 'weight',
        label: t`Weight`,
        unit: '%',
        read: (one: Unsure) => one.weightPct,
        cell: (one) => format.percentFigure(one.weightPct),
      }),
      textColumn({
        id: 'candidates',
        label: t`May be`,
        read: (one: Unsure) =>
          one.candidates.map((candidate) => `${candidate.name} (${candidate.why})`).join('; '),
      }),
    ],
    [t, format],
  );
};

const UnsureRows = ({ report }: { report: Report }) => {
  const { t } = useLingui();
  const columns = useColumns();
  return (
    <details className={classes['top']}>
      <summary>
        <Plural
          value={report.unmatched}
          one="# row kept apart, because its security is unsure"
          other="# rows kept apart, because their security is unsure"
        />
      </summary>
      <DataTable
        label={t`Unsure rows`}
        columns={columns}
        rows={report.unsure}
        rowKey={(one) => String(one.row)}
        exportName="unsure rows"
      />
    </details>
  );
};

/** What came of an import: how the file was read, what its rows were matched to, what is left to decide. */
export const ImportReport = ({ report }: { report: Report }) => (
  <>
    <Facts report={report} />
    <Matches report={report} />
    {report.methods && <Methods methods={report.methods} />}
    {report.supersedes !== null && (
      <p className={classes['quiet']}>
        <Trans>It takes the place of an earlier file for the same day.</Trans>
      </p>
    )}
    {report.warnings.length > 0 && (
      <Note tone="warn">
        <ul>
          {report.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      </Note>
    )}
    {report.unmatched > 0 && <UnsureRows report={report} />}
    <p className={classes['links']}>
      {report.unmatched > 0 && (
        <Link to="/imports/review" search={{ file: report.importId }}>
          <Trans>Decide the unsure rows</Trans>
        </Link>
      )}
      <Link to="/look-through" search={{ instrument: report.instrumentId }}>
        <Trans>Look through it</Trans>
      </Link>
      <Link to="/markets/$instrumentId" params={{ instrumentId: report.instrumentId }}>
        <Trans>Its files, and how to take this one back</Trans>
      </Link>
    </p>
  </>
);
