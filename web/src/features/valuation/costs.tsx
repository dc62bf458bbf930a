import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import type { How } from '../../ui/how.tsx';
import { Empty, Failure, Loaded, Note, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import { decimalColumn, numberColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import type { Portfolio } from '../portfolios/queries.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { Headline } from './headline.tsx';
import income from './income.module.css';
import classes from './overview.module.css';

const route = getRouteApi('/app/performance/costs');

type Costs = Answer<'GET /api/portfolios/:id/costs'>;
type CostYear = Costs['years'][number];
type Fund = CostYear['funds'][number];
type Exchange = CostYear['exchanges'][number];

const costsQuery = (portfolioId: string) =>
  queryOptions({
    queryKey: ['valuation', 'costs', portfolioId],
    queryFn: ({ signal }) => api('GET /api/portfolios/:id/costs', { params: { id: portfolioId }, signal }),
  });

const useFundColumns = (currency: string): readonly TableColumn<Fund>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn<Fund>({ id: 'name', label: t`Fund`, read: (row) => row.name }),
      decimalColumn<Fund>({
        id: 'average',
        label: t`Average value`,
        unit: currency,
        read: (row) => row.averageValue,
        cell: (row) => <Figure kind="money" bare value={row.averageValue} currency={currency} />,
      }),
      {
        ...numberColumn<Fund>({
          id: 'ocf',
          label: t`Ongoing charge`,
          unit: '%',
          read: (row) => row.ocfPct,
          write: (value) => format.percentFigure(value),
        }),
        cell: (row) => (
          <Figure
            kind="percent"
            bare
            value={row.ocfPct}
            missing={<Trans>not known</Trans>}
            how={() => ({
              title: row.name,
              formula: row.source,
              inputs: [
                { label: <Trans>Known of it</Trans>, value: format.percent(row.knownPct) },
                { label: <Trans>Average value</Trans>, value: format.money(row.averageValue, currency) },
              ],
              source: row.source,
              asOf: format.day(row.asOf),
            })}
          />
        ),
      },
      decimalColumn<Fund>({
        id: 'charge',
        label: t`Charged`,
        unit: currency,
        read: (row) => (row.ocfPct === null ? null : row.charge),
        cell: (row) => (
          <Figure
            kind="money"
            bare
            value={row.ocfPct === null ? null : row.charge}
            currency={currency}
            missing={<Trans>not known</Trans>}
          />
        ),
      }),
    ],
    [t, format, currency],
  );
};

const useExchangeColumns = (currency: string): readonly TableColumn<Exchange>[] => {
  const { t } = useLingui();
  const format = useFormat();
  return useMemo(
    () => [
      textColumn<Exchange>({
        id: 'date',
        label: t`Day`,
        read: (row) => row.date,
        cell: (row) => format.day(row.date),
      }),
      textColumn<Exchange>({ id: 'name', label: t`Holding`, read: (row) => row.name }),
      decimalColumn<Exchange>({
        id: 'amount',
        label: t`Amount`,
        read: (row) => row.amount,
        cell: (row) => <Figure kind="money" value={row.amount} currency={row.currency} />,
      }),
      decimalColumn<Exchange>({
        id: 'paid',
        label: t`Rate paid`,
        read: (row) => row.paid,
        cell: (row) => <Figure kind="rate" value={row.paid} />,
      }),
      decimalColumn<Exchange>({
        id: 'published',
        label: t`Rate of the day`,
        read: (row) => row.published,
        cell: (row) => (
          <Figure
            kind="rate"
            value={row.published}
            how={() => ({
              title: t`Rate of the day`,
              formula: t`Units of ${currency} for one ${row.currency}, as published`,
              source: row.source,
              asOf: format.day(row.publishedOn),
            })}
          />
        ),
      }),
      decimalColumn<Exchange>({
        id: 'margin',
        label: t`Margin`,
        unit: currency,
        read: (row) => row.margin,
        cell: (row) => <Figure kind="money" bare value={row.margin} currency={currency} />,
      }),
    ],
    [t, format, currency],
  );
};

type YearProps = { readonly answer: Costs; readonly year: CostYear };

/** How a figure of the year came about. */
const useHow = ({ answer, year }: YearProps): ((title: string, formula: string) => () => How) => {
  const format = useFormat();
  return (title, formula) => () => ({
    title,
    formula,
    inputs: [
      { label: <Trans>Average value</Trans>, value: format.money(year.averageValue, answer.currency) },
      { label: <Trans>Days covered</Trans>, value: format.dayRange(year.from, year.to) },
    ],
    asOf: format.day(year.to),
    links: [{ label: <Trans>Trades of the holdings</Trans>, to: '/holdings' }],
  });
};

const Figures = (props: YearProps) => {
  const { t } = useLingui();
  const { answer, year } = props;
  const { currency, formulas } = answer;
  const how = useHow(props);
  const parts = [
    { label: t`Fund charges`, value: year.fundCharges, formula: formulas.fundCharges },
    { label: t`Platform fees`, value: year.platformFees, formula: formulas.fees },
    { label: t`Dealing fees`, value: year.dealingFees, formula: formulas.fees },
    { label: t`Taxes on dealing`, value: year.dealingTaxes, formula: formulas.fees },
    { label: t`Margin of exchange`, value: year.exchangeMargin, formula: formulas.exchangeMargin },
  ];
  return (
    <dl className={classes['headlines']}>
      <Headline label={<Trans>Cost in {String(year.year)}</Trans>} main>
        <Figure
          kind="money"
          value={year.total}
          currency={currency}
          how={how(t`Cost of the year`, formulas.pct)}
        />
        <span className={classes['beside']}>
          <Figure kind="percent" value={year.pct} missing={<Trans>nothing was held</Trans>} />
        </span>
      </Headline>
      {parts.map(({ label, value, formula }) => (
        <Headline key={label} label={label}>
          <Figure kind="money" value={value} currency={currency} how={how(label, formula)} />
        </Headline>
      ))}
    </dl>
  );
};

const Year = (props: YearProps) => {
  const { t } = useLingui();
  const { answer, year } = props;
  const funds = useFundColumns(answer.currency);
  const exchanges = useExchangeColumns(answer.currency);
  return (
    <>
      <Figures {...props} />
      {year.missing.length > 0 && (
        <Note tone="warn" title={<Trans>The cost leaves something out</Trans>}>
          {year.missing.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Note>
      )}
      {year.funds.length > 0 && (
        <Section title={<Trans>What the funds charge</Trans>} lead={answer.formulas.fundCharges}>
          <DataTable
            label={t`Charges of funds`}
            columns={funds}
            rows={year.funds}
            rowKey={(row) => row.instrumentId}
            exportName={`fund-charges-${year.year}`}
          />
        </Section>
      )}
      {year.exchanges.length > 0 && (
        <Section title={<Trans>What changing money cost</Trans>} lead={answer.formulas.exchangeMargin}>
          <DataTable
            label={t`Margins of exchange`}
            columns={exchanges}
            rows={year.exchanges}
            rowKey={(row) => row.tradeId}
            exportName={`exchange-${year.year}`}
          />
        </Section>
      )}
    </>
  );
};

const Body = ({ answer }: { answer: Costs }) => {
  const { t } = useLingui();
  const format = useFormat();
  const navigate = useNavigate();
  const { year: asked } = route.useSearch();
  const year = answer.years.find((one) => String(one.year) === asked) ?? answer.years[0];
  if (year === undefined) {
    return (
      <Empty
        title={<Trans>Nothing was held yet</Trans>}
        actions={
          <Button component={Link} to="/holdings">
            <Trans>Add what you hold</Trans>
          </Button>
        }
      >
        <Trans>Costs are reckoned from your trades and from the charges of your funds.</Trans>
      </Empty>
    );
  }
  return (
    <>
      <div className={income['controls']}>
        <NativeSelect
          label={t`Year`}
          size="sm"
          value={String(year.year)}
          data={answer.years.map((one) => String(one.year))}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            void navigate({ to: '.', search: (before) => ({ ...before, year: chosen }) });
          }}
        />
        <p className={income['quiet']}>
          {answer.now.ocfPct !== null && (
            <Trans>
              What is held now charges {format.percent(answer.now.ocfPct)} a year, known of{' '}
              {format.percent(answer.now.knownPct)} of it.
            </Trans>
          )}
        </p>
      </div>
      <Year answer={answer} year={year} />
    </>
  );
};

const Page = ({ portfolio }: { portfolio: Portfolio }) => {
  const query = useQuery(costsQuery(portfolio.id));
  return (
    <Loaded query={query} lines={8}>
      {(answer) => <Body answer={answer} />}
    </Loaded>
  );
};

/** What a portfolio cost, all in, year by year. */
export const CostsPage = () => {
  const { portfolios, portfolio, error, retry } = usePortfolioScope();
  if (portfolios === undefined) {
    return error === null ? <Waiting lines={7} /> : <Failure error={error} retry={retry} />;
  }
  return (
    <>
      <PageHeader
        title={<Trans>Costs</Trans>}
        lead={<Trans>Charges of funds, fees, taxes on dealing and what changing money cost</Trans>}
        trail={
          <Link to="/performance">
            <Trans>Performance</Trans>
          </Link>
        }
      />
      {portfolio === null ? (
        <Empty title={<Trans>Which portfolio?</Trans>}>
          {portfolios.map((one, at) => (
            <span key={one.id}>
              {at > 0 && ' · '}
              <Link to="/performance/costs" search={{ portfolio: one.id }}>
                {one.name}
              </Link>
            </span>
          ))}
        </Empty>
      ) : (
        <Page key={portfolio.id} portfolio={portfolio} />
      )}
    </>
  );
};
