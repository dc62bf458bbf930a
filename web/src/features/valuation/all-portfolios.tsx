import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Format } from '../../lib/format.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { meQuery } from '../../lib/session.ts';
import { Tag } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import type { How } from '../../ui/how.tsx';
import { Note, PageHeader, Waiting } from '../../ui/page.tsx';
import { byDecimal, byText, type TableColumn } from '../../ui/table-model.ts';
import type { Portfolio } from '../portfolios/queries.ts';
import { Headline } from './headline.tsx';
import classes from './overview.module.css';
import { rateInputs } from './provenance.tsx';
import { fxQuery, summaryQuery, type FxRate, type Summary } from './queries.ts';
import { productOf, sumOf } from './sums.ts';

type Line = {
  readonly portfolio: Portfolio;
  readonly summary: Summary | undefined;
  readonly rate: FxRate | undefined;
  readonly converted: string | null;
};

/** Every portfolio with its value in one currency; null where a summary or a rate is missing. */
const useLines = (portfolios: readonly Portfolio[], currency: string) => {
  const summaries = useQueries({ queries: portfolios.map((portfolio) => summaryQuery(portfolio.id)) });
  const others = [...new Set(portfolios.map((portfolio) => portfolio.baseCurrency))].filter(
    (code) => code !== currency,
  );
  const rates = useQueries({ queries: others.map((code) => fxQuery(code, currency)) });
  const lines = portfolios.map((portfolio, index): Line => {
    const summary = summaries[index]?.data;
    const rate = rates[others.indexOf(portfolio.baseCurrency)]?.data;
    if (!summary) return { portfolio, summary, rate, converted: null };
    if (portfolio.baseCurrency === currency) {
      return { portfolio, summary, rate: undefined, converted: summary.value };
    }
    return { portfolio, summary, rate, converted: rate ? productOf(summary.value, rate.rate) : null };
  });
  const pending = [...summaries, ...rates].some((query) => query.isPending && query.fetchStatus !== 'paused');
  return { lines, pending };
};

const useColumns = (currency: string): readonly TableColumn<Line>[] => {
  const { t } = useLingui();
  return useMemo(
    () => [
      {
        id: 'name',
        label: t`Portfolio`,
        width: 180,
        compare: byText((line: Line) => line.portfolio.name),
        text: (line: Line) => line.portfolio.name,
        cell: ({ portfolio }: Line) => (
          <>
            <Link to="/" search={{ portfolio: portfolio.id }}>
              {portfolio.name}
            </Link>{' '}
            {portfolio.isDemo && (
              <Tag>
                <Trans>demo</Trans>
              </Tag>
            )}{' '}
            {portfolio.type !== 'actual' && <Tag>{portfolio.type}</Tag>}
          </>
        ),
      },
      {
        id: 'own',
        label: t`Value`,
        numeric: true,
        text: (line: Line) => line.summary?.value ?? '',
        cell: ({ summary }: Line) =>
          summary ? <Figure kind="money" value={summary.value} currency={summary.currency} /> : '…',
      },
      {
        id: 'gain',
        label: t`Gain`,
        numeric: true,
        text: (line: Line) => line.summary?.gain ?? '',
        cell: ({ summary }: Line) =>
          summary ? (
            <Change kind="money" value={summary.gain} currency={summary.currency} missing="–" />
          ) : (
            '…'
          ),
      },
      {
        id: 'converted',
        label: t`Value`,
        unit: currency,
        numeric: true,
        compare: byDecimal((line: Line) => line.converted),
        text: (line: Line) => line.converted ?? '',
        cell: (line: Line) => (
          <Figure
            kind="money"
            bare
            value={line.converted}
            currency={currency}
            missing={line.summary ? t`no rate` : '…'}
          />
        ),
      },
    ],
    [t, currency],
  );
};

const householdHow = (lines: readonly Line[], currency: string, format: Format): How => ({
  title: <Trans>Value of all portfolios</Trans>,
  formula: <Trans>Each portfolio’s value, converted to {currency}, added up.</Trans>,
  inputs: lines.flatMap((line) => [
    {
      label: line.portfolio.name,
      value: line.summary ? format.money(line.summary.value, line.summary.currency) : <Trans>missing</Trans>,
      state: line.converted === null ? ('missing' as const) : undefined,
    },
    ...(line.rate ? rateInputs(line.rate, format) : []),
  ]),
});

type GapsProps = { readonly unknown: boolean; readonly partial: readonly Line[]; readonly currency: string };

/** What the household's total leaves out, and where. */
const Gaps = ({ unknown, partial, currency }: GapsProps) => (
  <>
    {unknown && (
      <Note tone="warn">
        <p>
          <Trans>
            A portfolio is left out of the total: its value or the rate to {currency} is not known. Import
            rates under <Link to="/markets/rates">Markets, exchange rates</Link>.
          </Trans>
        </p>
      </Note>
    )}
    {partial.length > 0 && (
      <Note tone="warn" title={<Trans>Something is left out of these portfolios</Trans>}>
        <ul>
          {partial.map(({ portfolio, summary }) => (
            <li key={portfolio.id}>
              <Link to="/" search={{ portfolio: portfolio.id }}>
                {portfolio.name}
              </Link>
              : {summary?.missing.map((one) => one.name).join(', ')}
            </li>
          ))}
        </ul>
      </Note>
    )}
  </>
);

/** The household: every portfolio beside the others, and their sum in one currency. */
export const AllPortfolios = ({ portfolios }: { portfolios: readonly Portfolio[] }) => {
  const { t } = useLingui();
  const format = useFormat();
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const actual = portfolios.filter((portfolio) => portfolio.type === 'actual');
  const currency = me?.preferences.currency ?? actual[0]?.baseCurrency ?? 'GBP';
  const { lines, pending } = useLines(portfolios, currency);
  const counted = lines.filter((line) => line.portfolio.type === 'actual');
  const known = counted.flatMap((line) => (line.converted === null ? [] : [line.converted]));
  const partial = counted.filter((line) => line.summary?.complete === false);
  const columns = useColumns(currency);
  return (
    <>
      <PageHeader
        title={<Trans>All portfolios</Trans>}
        lead={<Trans>Together in {currency}. Choose one above to see its parts.</Trans>}
        actions={
          <Button
            leftSection={<IconPlus size={16} />}
            onClick={() => void navigate({ to: '.', search: { dialog: 'new-portfolio' } })}
          >
            <Trans>New portfolio</Trans>
          </Button>
        }
      />
      {pending ? (
        <Waiting lines={5} />
      ) : (
        <>
          <dl className={classes['headlines']}>
            <Headline label={<Trans>Value</Trans>} main>
              <Figure
                kind="money"
                value={sumOf(known)}
                currency={currency}
                how={() => householdHow(counted, currency, format)}
              />
              {(known.length < counted.length || partial.length > 0) && (
                <span className={classes['incomplete']}>
                  <Trans>incomplete</Trans>
                </span>
              )}
            </Headline>
          </dl>
          <Gaps unknown={known.length < counted.length} partial={partial} currency={currency} />
          <DataTable
            label={t`Portfolios`}
            columns={columns}
            rows={lines}
            rowKey={(line) => line.portfolio.id}
            exportName="portfolios"
          />
        </>
      )}
    </>
  );
};
