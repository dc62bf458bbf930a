import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Empty, Failure, Loaded, Note, PageHeader, Waiting } from '../../ui/page.tsx';
import { mayEdit, type Portfolio } from '../portfolios/queries.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { IncomeCalendar } from './income-calendar.tsx';
import { INCOME_PERIODS, type IncomePeriod } from './income-periods.ts';
import { incomeQuery, waitingQuery, type Income, type IncomePayment } from './income-queries.ts';
import { IncomeBars, IncomeFigures, IncomeTables } from './income-sums.tsx';
import { WaitingSection } from './income-waiting.tsx';
import classes from './income.module.css';

const route = getRouteApi('/app/income');

const usePeriodWords = (): Readonly<Record<IncomePeriod, string>> => {
  const { t } = useLingui();
  return {
    around: t`Twelve months back and ahead`,
    taxYear: t`This tax year`,
    lastTaxYear: t`Last tax year`,
    ahead: t`The coming twelve months`,
    start: t`Since the start`,
  };
};

const PeriodPicker = ({
  period,
  onChange,
}: {
  period: IncomePeriod;
  onChange: (period: IncomePeriod) => void;
}) => {
  const { t } = useLingui();
  const words = usePeriodWords();
  return (
    <div className={classes['controls']}>
      <NativeSelect
        label={t`Period`}
        size="sm"
        value={period}
        data={INCOME_PERIODS.map((value) => ({ value, label: words[value] }))}
        onChange={(event) => {
          const chosen = INCOME_PERIODS.find((one) => one === event.currentTarget.value);
          if (chosen !== undefined) onChange(chosen);
        }}
      />
    </div>
  );
};

const NothingYet = () => (
  <Empty
    title={<Trans>No income yet</Trans>}
    actions={
      <>
        <Button component={Link} to="/holdings">
          <Trans>Record a dividend or interest</Trans>
        </Button>
        <Button component={Link} to="/imports/statements" variant="default">
          <Trans>Import a statement</Trans>
        </Button>
      </>
    }
  >
    <Trans>
      Record what was paid at a holding, or import a broker’s statement. Dividends that an instrument’s page
      knows of are proposed here by themselves, for what was held before their ex-date.
    </Trans>
  </Empty>
);

const hasAny = ({ total, coming, waiting, from }: Income): boolean =>
  from !== null || waiting > 0 || Number(coming.gross) !== 0 || Number(total.expected) !== 0;

type BodyProps = {
  readonly answer: Income;
  readonly waiting: readonly IncomePayment[];
  readonly portfolio: Portfolio | null;
  readonly portfolios: readonly Portfolio[];
};

const Body = ({ answer, waiting, portfolio, portfolios }: BodyProps) => {
  const navigate = useNavigate();
  const format = useFormat();
  const { month = format.today().slice(0, 7) } = route.useSearch();
  const onMonth = useCallback(
    (next: string): void => void navigate({ to: '.', search: (before) => ({ ...before, month: next }) }),
    [navigate],
  );
  const editable = useCallback(
    (id: string): boolean => portfolios.some((one) => one.id === id && mayEdit(one)),
    [portfolios],
  );
  return (
    <>
      <IncomeFigures answer={answer} />
      {answer.missing.length > 0 && (
        <Note tone="warn" title={<Trans>The sums leave something out</Trans>}>
          {answer.missing.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Note>
      )}
      <WaitingSection payments={waiting} count={answer.waiting} mayEdit={editable} />
      {answer.byMonth.length > 0 && <IncomeBars answer={answer} onMonth={onMonth} />}
      <IncomeCalendar
        portfolioId={portfolio?.id ?? null}
        month={month}
        onMonth={onMonth}
        mayEdit={editable}
      />
      {answer.byMonth.length > 0 && <IncomeTables answer={answer} />}
    </>
  );
};

const Page = ({ portfolio, portfolios }: Omit<BodyProps, 'answer' | 'waiting'>) => {
  const navigate = useNavigate();
  const { period = 'around' } = route.useSearch();
  const query = useQuery(incomeQuery(portfolio?.id ?? null, period));
  // Shown together, so that what waits does not push the rest down when it comes.
  const waiting = useQuery(waitingQuery(portfolio?.id ?? null));
  return (
    <>
      <PageHeader
        title={<Trans>Income</Trans>}
        lead={
          portfolio === null ? (
            <Trans>What all portfolios together were paid, and what is to come</Trans>
          ) : (
            <Trans>What {portfolio.name} was paid, and what is to come</Trans>
          )
        }
      />
      <Loaded query={query} lines={8}>
        {(answer) =>
          waiting.isPending ? (
            <Waiting lines={8} />
          ) : hasAny(answer) ? (
            <>
              <PeriodPicker
                period={period}
                onChange={(next) =>
                  void navigate({ to: '.', search: (before) => ({ ...before, period: next }) })
                }
              />
              <Body
                answer={answer}
                waiting={waiting.data ?? []}
                portfolio={portfolio}
                portfolios={portfolios}
              />
            </>
          ) : (
            <NothingYet />
          )
        }
      </Loaded>
    </>
  );
};

/** What a portfolio, or everything together, pays. */
export const IncomePage = () => {
  const { portfolios, portfolio, error, retry } = usePortfolioScope();
  if (portfolios === undefined) {
    return error === null ? <Waiting lines={7} /> : <Failure error={error} retry={retry} />;
  }
  return <Page key={portfolio?.id ?? 'all'} portfolio={portfolio} portfolios={portfolios} />;
};
