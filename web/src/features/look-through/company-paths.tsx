import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Loaded } from '../../ui/page.tsx';
import classes from './look-through.module.css';
import { companyQuery, type Explained, type Moment, type Scope } from './queries.ts';

type Path = Explained['items'][number];
type Step = Path['steps'][number];
type Row = NonNullable<Step['row']>;

/** The issuer's own words where a row carries any, as they stand in the file. */
const rowWords = (row: Row): string[] =>
  [
    row.ticker,
    row.isin,
    row.publishedSector,
    row.publishedIndustry,
    row.publishedCountry,
    row.publishedAssetClass,
    row.publishedCurrency,
  ].filter((word) => word !== null);

const ImportedRow = ({ row }: { row: Row }) => {
  const format = useFormat();
  const file = row.fileName ?? row.format;
  return (
    <div className={classes['row']}>
      <p className={classes['rowWhere']}>
        <Trans>
          {file}, <Plural value={row.rowNumbers.length} one="row" other="rows" /> {row.rowNumbers.join(', ')},
          as of {format.day(row.asOf)}
        </Trans>
      </p>
      <p className={classes['rowText']} translate="no">
        <strong>{row.name}</strong> {[`${row.weightPct} %`, ...rowWords(row)].join(' · ')}
      </p>
    </div>
  );
};

/** One step of a way: what of the thing before it this is, and the row of the file that says so. */
const StepLine = ({
  step,
  before,
  whole,
  path,
}: {
  step: Step;
  before: Step | undefined;
  whole: string;
  path: Path;
}) => {
  const format = useFormat();
  const share = format.percent(step.pct);
  const accounts = path.holdings.filter(() => before === undefined);
  return (
    <li className={classes['stepLine']}>
      <p>
        {before === undefined ? (
          <Trans>
            {step.name} is <strong>{share}</strong> of {whole}
          </Trans>
        ) : (
          <Trans>
            {step.name} is <strong>{share}</strong> of {before.name}
          </Trans>
        )}
        {accounts.length > 0 && (
          <span className={classes['under']}>
            {' ('}
            {accounts.map((one, at) => (
              <Fragment key={one.holdingId}>
                {at > 0 && ', '}
                <Link to="/holdings/$holdingId" params={{ holdingId: one.holdingId }}>
                  {one.account}
                </Link>{' '}
                {format.percent(one.pct)}
              </Fragment>
            ))}
            )
          </span>
        )}
      </p>
      {step.row && <ImportedRow row={step.row} />}
    </li>
  );
};

/** A way as a bar against the largest one, with its steps behind it. */
const Way = ({ path, largest, whole }: { path: Path; largest: number; whole: string }) => {
  const format = useFormat();
  const funds = path.steps.slice(0, -1);
  return (
    <li className={classes['way']}>
      <details className={classes['wayDetails']}>
        <summary className={classes['waySummary']}>
          <span className={classes['wayName']}>
            {funds.length === 0 ? <Trans>held directly</Trans> : funds.map((one) => one.name).join(' → ')}
          </span>
          <span className={classes['wayFigure']}>{format.percent(path.pct)}</span>
          <span className={classes['wayTrack']} aria-hidden>
            <span
              className={classes['wayBar']}
              style={{ inlineSize: `${largest > 0 ? (Math.abs(path.pct) / largest) * 100 : 0}%` }}
            />
          </span>
        </summary>
        <ol className={classes['wayStepList']}>
          {path.steps.map((step, at) => (
            <StepLine
              key={step.instrumentId}
              step={step}
              before={path.steps[at - 1]}
              whole={whole}
              path={path}
            />
          ))}
        </ol>
      </details>
    </li>
  );
};

const Body = ({ company, whole }: { company: Explained; whole: string }) => {
  const format = useFormat();
  const largest = Math.max(...company.items.map((path) => Math.abs(path.pct)), 0);
  const hidden = company.pathCount - company.items.length;
  return (
    <>
      <p className={classes['meta']}>
        <span>{[company.ticker, company.isin].filter((part) => part !== null).join(' · ')}</span>
        <Link to="/markets/$instrumentId" params={{ instrumentId: company.instrumentId }}>
          <Trans>Its own page</Trans>
        </Link>
      </p>
      {company.pathCount === 0 ? (
        <p>
          <Trans>It is not held in {whole} on this day.</Trans>
        </p>
      ) : (
        <p>
          <Trans>
            <strong>{format.percent(company.pct)}</strong> of {whole}, the sum of these ways:
          </Trans>
        </p>
      )}
      <ul className={classes['ways']}>
        {company.items.map((path) => (
          <Way
            key={path.steps.map((step) => step.instrumentId).join(' ')}
            path={path}
            largest={largest}
            whole={whole}
          />
        ))}
      </ul>
      {hidden > 0 && (
        <p className={classes['under']}>
          <Trans>{format.count(hidden)} smaller ways are not listed.</Trans>
        </p>
      )}
    </>
  );
};

/** By which ways a company is held, how much by each, and the rows of the files behind every step. */
export const CompanyPaths = (props: {
  id: string;
  scope: Scope;
  moment: Moment;
  whole: string;
  onClose: () => void;
}) => {
  const { t } = useLingui();
  const query = useQuery(companyQuery(props.scope, props.moment, props.id));
  return (
    <Dialog wide title={query.data?.name ?? t`Company`} onClose={props.onClose}>
      <div className={classes['panel']}>
        <Loaded query={query} lines={5}>
          {(company) => <Body company={company} whole={props.whole} />}
        </Loaded>
      </div>
    </Dialog>
  );
};
