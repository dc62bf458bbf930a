import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback, type ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import { Empty, Failure, Loaded, Note, PageHeader, Waiting } from '../../ui/page.tsx';
import { usePortfolioScope } from '../portfolios/scope.ts';
import type { Portfolio } from '../portfolios/queries.ts';
import { Headline } from './headline.tsx';
import classes from './overview.module.css';
import { ReturnChart, ValueChart } from './performance-charts.tsx';
import { PerformanceControls } from './performance-controls.tsx';
import { DayDialog } from './performance-day.tsx';
import {
  drawdownHow,
  gainHow,
  moneyWeightedHow,
  timeWeightedHow,
  volatilityHow,
} from './performance-how.tsx';
import { Completeness, Contributions, Extremes, GainParts, Months } from './performance-parts.tsx';
import { performanceQuery, type Asked, type Performance } from './performance-queries.ts';

const route = getRouteApi('/app/performance');

const MoneyWeighted = ({ answer }: { answer: Performance }) => {
  const format = useFormat();
  const { moneyWeighted } = answer;
  const how = () => moneyWeightedHow(answer, format);
  if (moneyWeighted.kind === 'several') {
    return <Figure kind="percent" value={null} how={how} missing={<Trans>several rates fit</Trans>} />;
  }
  if (moneyWeighted.kind === 'none') {
    return <Figure kind="percent" value={null} how={how} missing={<Trans>none</Trans>} />;
  }
  return <Change kind="percent" value={moneyWeighted.pct} how={how} />;
};

/** More days than this, and figures are also given per year. */
const YEAR_DAYS = 365;

const PerYear = ({ value }: { value: number | null }): ReactNode => {
  const format = useFormat();
  return value === null ? null : (
    <span className={classes['beside']}>
      <Trans>{format.percent(value, true)} per year</Trans>
    </span>
  );
};

const Figures = ({ answer }: { answer: Performance }) => {
  const format = useFormat();
  const { timeWeighted, moneyWeighted, drawdown, benchmark, currency } = answer;
  const isLong = answer.days > YEAR_DAYS;
  return (
    <dl className={classes['headlines']}>
      <Headline label={<Trans>Time-weighted</Trans>} main>
        <Change
          kind="percent"
          value={timeWeighted.pct}
          how={() => timeWeightedHow(answer, format)}
          missing={<Trans>cannot be said</Trans>}
        />
        <PerYear value={timeWeighted.annualisedPct} />
      </Headline>
      <Headline label={<Trans>Money-weighted</Trans>}>
        <MoneyWeighted answer={answer} />
        <PerYear value={isLong ? moneyWeighted.annualPct : null} />
      </Headline>
      <Headline label={<Trans>Gain</Trans>}>
        <Change kind="money" value={answer.gain} currency={currency} how={() => gainHow(answer, format)} />
      </Headline>
      {benchmark !== null && benchmark.pct !== null && (
        <Headline label={benchmark.name}>
          <Change kind="percent" value={benchmark.pct} />
          {benchmark.differencePct !== null && (
            <span className={classes['beside']}>
              <Trans>{format.percentFigure(benchmark.differencePct)} points between them</Trans>
            </span>
          )}
        </Headline>
      )}
      <Headline label={<Trans>Deepest fall</Trans>}>
        <Figure
          kind="percent"
          value={drawdown?.pct ?? null}
          how={() => drawdownHow(answer, format)}
          missing={<Trans>none</Trans>}
        />
      </Headline>
      {answer.volatilityPct !== null && (
        <Headline label={<Trans>Volatility</Trans>}>
          <Figure kind="percent" value={answer.volatilityPct} how={() => volatilityHow(answer, format)} />
        </Headline>
      )}
    </dl>
  );
};

const Body = ({ answer, onDay }: { answer: Performance; onDay: ((date: string) => void) | undefined }) => {
  if (answer.contributionCount === 0) {
    return (
      <Empty title={<Trans>Nothing was held in this period</Trans>}>
        <Trans>Choose another period, or record what was bought and when.</Trans>
      </Empty>
    );
  }
  return (
    <>
      <Figures answer={answer} />
      {answer.benchmark?.missing != null && (
        <Note tone="warn">
          <Trans>Nothing to compare with: {answer.benchmark.missing}</Trans>
        </Note>
      )}
      <Completeness answer={answer} />
      <ValueChart answer={answer} onDay={onDay} />
      <ReturnChart answer={answer} onDay={onDay} />
      <GainParts answer={answer} />
      <Contributions answer={answer} />
      <Months answer={answer} />
      <Extremes answer={answer} />
    </>
  );
};

const Page = ({ portfolio }: { portfolio: Portfolio | null }) => {
  const navigate = useNavigate();
  const format = useFormat();
  const { day, period, from, to, scope, benchmark } = route.useSearch();
  const asked: Asked = { period, from, to, scope: portfolio === null ? undefined : scope, benchmark };
  const query = useQuery(performanceQuery(portfolio?.id ?? null, asked));
  const change = (next: Asked): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...next, day: undefined }) });
  const onDay = useCallback(
    (date: string): void => void navigate({ to: '.', search: (before) => ({ ...before, day: date }) }),
    [navigate],
  );
  const closeDay = (): void =>
    void navigate({ to: '.', search: (before) => ({ ...before, day: undefined }) });
  return (
    <>
      <PageHeader
        title={<Trans>Performance</Trans>}
        actions={
          portfolio !== null && (
            <Link to="/performance/costs">
              <Trans>What it cost</Trans>
            </Link>
          )
        }
        lead={
          query.data === undefined ? (
            // Keeps the line's room, so that nothing below moves.
            '\u00a0'
          ) : (
            <Trans>
              {query.data.name}, {format.dayRange(query.data.from, query.data.to)}, in {query.data.currency}
            </Trans>
          )
        }
      />
      <PerformanceControls portfolio={portfolio} asked={asked} shown={query.data} onChange={change} />
      <Loaded query={query} lines={8}>
        {(answer) => <Body answer={answer} onDay={portfolio === null ? undefined : onDay} />}
      </Loaded>
      {day !== undefined && portfolio !== null && (
        <DayDialog portfolioId={portfolio.id} date={day} scope={asked.scope} onClose={closeDay} />
      )}
    </>
  );
};

/** How a portfolio, a part of it or everything together did. */
export const PerformancePage = () => {
  const { portfolios, portfolio, error, retry } = usePortfolioScope();
  if (portfolios === undefined) {
    return error === null ? <Waiting lines={7} /> : <Failure error={error} retry={retry} />;
  }
  return <Page key={portfolio?.id ?? 'all'} portfolio={portfolio} />;
};
