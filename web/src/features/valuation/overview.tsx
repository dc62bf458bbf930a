import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';

import { lazy, Suspense } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { AsOf } from '../../ui/as-of.tsx';
import { BarList } from '../../ui/bar-list.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import { Empty, Failure, Loaded, Note, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import { PlanNote } from '../ledger/plan-note.tsx';
import { StartDoors } from '../portfolios/start.tsx';
import { mayEdit, type Portfolio } from '../portfolios/queries.ts';
import { InvitationNote } from '../portfolios/invitation-note.tsx';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { DebtHeadlines, Headline, ValueLabel } from './headline.tsx';
import classes from './overview.module.css';
import { totalGainHow, totalHow } from './provenance.tsx';
import { MissingList } from './missing-list.tsx';
import { summaryQuery, type Summary } from './queries.ts';
import { shareOf } from './sums.ts';
import { useWrapperNames } from './wrapper-names.ts';

const AllPortfolios = lazy(async () => ({ default: (await import('./all-portfolios.tsx')).AllPortfolios }));

const OverviewHistory = lazy(async () => ({
  default: (await import('./overview-history.tsx')).OverviewHistory,
}));

const route = getRouteApi('/app/');

const Figures = ({ summary }: { summary: Summary }) => {
  const format = useFormat();
  const { currency } = summary;
  return (
    <dl className={classes['headlines']}>
      <Headline label={<ValueLabel debt={summary.debt} />} main>
        <Figure
          kind="money"
          value={summary.value}
          currency={currency}
          how={() => totalHow(summary, format)}
        />
        {!summary.complete && (
          <span className={classes['incomplete']}>
            <Trans>incomplete</Trans>
          </span>
        )}
      </Headline>
      <DebtHeadlines assets={summary.assets} debt={summary.debt} currency={currency} />
      <Headline label={<Trans>Gain</Trans>}>
        <Change
          kind="money"
          value={summary.gain}
          currency={currency}
          how={() => totalGainHow(summary, format)}
        />
        {summary.gainPct !== null && (
          <span className={classes['beside']}>{format.percent(summary.gainPct, true)}</span>
        )}
      </Headline>
      <Headline label={<Trans>Cost</Trans>}>
        <Figure kind="money" value={summary.cost} currency={currency} />
      </Headline>
      {summary.dayChange !== null && (
        <Headline label={<Trans>Today</Trans>}>
          <Change kind="money" value={summary.dayChange} currency={currency} />
        </Headline>
      )}
      <Headline label={<Trans>Holdings</Trans>}>{format.count(summary.holdingCount)}</Headline>
    </dl>
  );
};

const Gaps = ({ summary }: { summary: Summary }) => {
  const format = useFormat();
  const { t } = useLingui();
  if (summary.missing.length === 0 && summary.stale.length === 0) return null;
  const toReason = (one: Summary['stale'][number]) => {
    const at = format.time(one.dateTime);
    return { ...one, detail: t`the price is from ${at}, ${one.source}.` };
  };
  return (
    <Note
      tone="warn"
      title={
        summary.missing.length > 0 ? (
          <Trans>The total leaves something out</Trans>
        ) : (
          <Trans>Some prices are old</Trans>
        )
      }
    >
      <MissingList missing={summary.missing} />
      <MissingList missing={summary.stale.map(toReason)} />
    </Note>
  );
};

/** What is on its way between two accounts; it is in the value already. */
const OnTheWay = ({ summary }: { summary: Summary }) => {
  const format = useFormat();
  if (summary.inTransit.length === 0) return null;
  return (
    <Note title={<Trans>In transit, and counted where it goes</Trans>}>
      <ul>
        {summary.inTransit.map((one) => (
          <li key={`${one.holdingId} ${one.leftOn}`}>
            <Link to="/holdings/$holdingId" params={{ holdingId: one.holdingId }}>
              {one.name}
            </Link>
            :{' '}
            <Trans>
              {format.quantity(one.qty)} from{' '}
              {[one.fromPortfolio, one.fromAccount].filter(Boolean).join(', ')} to {one.toAccount}, expected
              on {format.day(one.arrivesOn)}
            </Trans>
            {one.value !== null && `, ${format.money(one.value, summary.currency)}`}
          </li>
        ))}
      </ul>
    </Note>
  );
};

const Split = ({
  title,
  totals,
  names,
  summary,
}: {
  title: string;
  totals: Readonly<Record<string, string>>;
  names?: Readonly<Record<string, string>>;
  summary: Summary;
}) => {
  const { t } = useLingui();
  const format = useFormat();
  const bars = Object.entries(totals)
    .map(([name, value]) => ({
      name: names?.[name] ?? name,
      percent: shareOf(value, summary.value),
      value,
    }))
    .toSorted((one, other) => other.percent - one.percent)
    .map(({ name, percent, value }) => ({
      name,
      percent,
      figure: <Figure kind="money" bare value={value} currency={summary.currency} />,
      second: format.percentFigure(percent),
    }));
  return (
    <div className={classes['split']}>
      <h3 className={classes['splitTitle']}>{title}</h3>
      <BarList
        bars={bars}
        label={title}
        heads={[<span key="n" className="sr-only">{t`Name`}</span>, summary.currency, '%']}
      />
    </div>
  );
};

/** Accounts that are called by their wrappers are not shown twice. */
const saysTheSame = (one: Summary['byAccount'], other: Summary['byWrapper']): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([name, value]) => other[name] === value);

const Splits = ({ summary }: { summary: Summary }) => {
  const { t } = useLingui();
  const wrappers = useWrapperNames();
  return (
    <Section title={<Trans>Where it stands</Trans>}>
      <div className={classes['splits']}>
        <Split title={t`By section`} totals={summary.bySection} summary={summary} />
        <Split title={t`By theme`} totals={summary.byTheme} summary={summary} />
        <Split title={t`By account`} totals={summary.byAccount} summary={summary} />
        {!saysTheSame(summary.byAccount, summary.byWrapper) && (
          <Split title={t`By tax wrapper`} totals={summary.byWrapper} names={wrappers} summary={summary} />
        )}
        <Split title={t`By trading currency`} totals={summary.byCurrency} summary={summary} />
      </div>
    </Section>
  );
};

const Lead = ({ portfolio, summary, past }: { portfolio: Portfolio; summary: Summary; past: boolean }) => {
  const format = useFormat();
  const { currency } = summary;
  return (
    <>
      {past ? (
        <Trans>
          As of {format.day(summary.asOf)} in {currency}
        </Trans>
      ) : (
        <Trans>
          Valued {format.time(summary.valuedAt)} in {currency}
        </Trans>
      )}{' '}
      {portfolio.isDemo && (
        <Tag>
          <Trans>demo data</Trans>
        </Tag>
      )}
    </>
  );
};

const Body = ({ summary, past, onAdd }: { summary: Summary; past: boolean; onAdd: () => void }) => {
  const below = (
    <>
      <OnTheWay summary={summary} />
      <Splits summary={summary} />
    </>
  );
  return summary.holdingCount === 0 ? (
    <Empty
      title={<Trans>No holdings yet</Trans>}
      actions={
        <Button onClick={onAdd}>
          <Trans>Add a holding</Trans>
        </Button>
      }
    >
      <Trans>
        Search an instrument and type a quantity. Its value appears here, with every price and rate behind it.
      </Trans>
    </Empty>
  ) : (
    <>
      <Figures summary={summary} />
      <Gaps summary={summary} />
      {past ? (
        below
      ) : (
        <Suspense fallback={<Waiting lines={5} />}>
          <OverviewHistory portfolioId={summary.portfolioId}>{below}</OverviewHistory>
        </Suspense>
      )}
    </>
  );
};

const OnePortfolio = ({ portfolio }: { portfolio: Portfolio }) => {
  const navigate = useNavigate();
  const { asOf } = route.useSearch();
  const query = useQuery(summaryQuery(portfolio.id, asOf));
  const add = (): void => void navigate({ to: '/holdings', search: { portfolio: portfolio.id, add: '1' } });
  return (
    <>
      <PageHeader
        title={portfolio.name}
        lead={query.data && <Lead portfolio={portfolio} summary={query.data} past={asOf !== undefined} />}
        actions={
          <>
            <AsOf
              bare
              day={asOf}
              onChange={(day) => void navigate({ to: '.', search: (before) => ({ ...before, asOf: day }) })}
            />
            <Button variant="default" component={Link} to="/performance">
              <Trans>Performance</Trans>
            </Button>
            <Button variant="default" component={Link} to="/look-through">
              <Trans>Look through</Trans>
            </Button>
            {mayEdit(portfolio) && (
              <Button leftSection={<IconPlus size={16} />} onClick={add}>
                <Trans>Add a holding</Trans>
              </Button>
            )}
          </>
        }
      />
      <InvitationNote />
      <PlanNote portfolioId={portfolio.id} />
      <Loaded query={query} lines={7}>
        {(summary) => <Body summary={summary} past={asOf !== undefined} onAdd={add} />}
      </Loaded>
    </>
  );
};

/** What a portfolio, or all of them, is worth and what that rests on. */
export const OverviewPage = () => {
  const { portfolios, portfolio, error, retry } = usePortfolioScope();
  if (portfolios === undefined) {
    return error === null ? <Waiting lines={7} /> : <Failure error={error} retry={retry} />;
  }
  if (portfolios.length === 0) {
    return (
      <>
        <PageHeader
          title={<Trans>Welcome</Trans>}
          lead={<Trans>Nothing is here yet. Three ways to begin:</Trans>}
        />
        <InvitationNote />
        <StartDoors />
      </>
    );
  }
  return portfolio ? (
    <OnePortfolio key={portfolio.id} portfolio={portfolio} />
  ) : (
    <Suspense fallback={<Waiting lines={5} />}>
      <AllPortfolios />
    </Suspense>
  );
};
