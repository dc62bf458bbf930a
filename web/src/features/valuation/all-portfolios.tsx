import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useRouterState } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import type { Format } from '../../lib/format.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { AsOf } from '../../ui/as-of.tsx';
import { BarList } from '../../ui/bar-list.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import type { How } from '../../ui/how.tsx';
import { Loaded, Note, PageHeader, Section } from '../../ui/page.tsx';
import { byDecimal, byText, type TableColumn } from '../../ui/table-model.ts';
import { InvitationNote } from '../portfolios/invitation-note.tsx';
import { SharedTag } from '../portfolios/shared-tag.tsx';
import { DebtHeadlines, Headline, ValueLabel } from './headline.tsx';
import classes from './overview.module.css';
import { rateInputs } from './provenance.tsx';
import { householdQuery, type HouseholdSummary } from './queries.ts';
import { shareOf } from './sums.ts';
import { useWrapperNames } from './wrapper-names.ts';

type Line = HouseholdSummary['portfolios'][number];

const NameCell = ({ line }: { line: Line }) => (
  <>
    <Link to="/" search={{ portfolio: line.portfolioId }}>
      {line.name}
    </Link>{' '}
    {line.isDemo && (
      <Tag>
        <Trans>demo</Trans>
      </Tag>
    )}{' '}
    {!line.counted && <Tag>{line.type}</Tag>} <SharedTag of={line} />
  </>
);

const useColumns = (currency: string): readonly TableColumn<Line>[] => {
  const { t } = useLingui();
  return useMemo(
    () => [
      {
        id: 'name',
        label: t`Portfolio`,
        width: 180,
        compare: byText((line: Line) => line.name),
        text: (line: Line) => line.name,
        cell: (line: Line) => <NameCell line={line} />,
      },
      {
        id: 'own',
        label: t`Value`,
        numeric: true,
        text: (line: Line) => line.own.value,
        cell: ({ own, baseCurrency }: Line) => (
          <Figure kind="money" value={own.value} currency={baseCurrency} />
        ),
      },
      {
        id: 'gain',
        label: t`Gain`,
        numeric: true,
        text: (line: Line) => line.own.gain ?? '',
        cell: ({ own, baseCurrency }: Line) => (
          <Change kind="money" value={own.gain} currency={baseCurrency} missing="–" />
        ),
      },
      {
        id: 'converted',
        label: t`Value`,
        unit: currency,
        numeric: true,
        compare: byDecimal((line: Line) => line.value),
        text: (line: Line) => line.value ?? '',
        cell: (line: Line) => (
          <Figure kind="money" bare value={line.value} currency={currency} missing={t`no rate`} />
        ),
      },
    ],
    [t, currency],
  );
};

const inputsOf = (
  summary: HouseholdSummary,
  read: 'value' | 'gain',
  format: Format,
): NonNullable<How['inputs']> =>
  summary.portfolios
    .filter((line) => line.counted)
    .flatMap((line) => {
      const own = line.own[read];
      return [
        {
          label: line.name,
          value: own === null ? <Trans>none</Trans> : format.money(own, line.baseCurrency),
          state: line.value === null ? ('missing' as const) : undefined,
        },
        ...(line.rate === null || line.rate.method === 'identity' ? [] : rateInputs(line.rate, format)),
      ];
    });

const valueHow = (summary: HouseholdSummary, format: Format): How => ({
  title: <Trans>Value of all portfolios</Trans>,
  formula: <Trans>Each portfolio’s value, converted to {summary.currency}, added up.</Trans>,
  inputs: inputsOf(summary, 'value', format),
});

const gainHow = (summary: HouseholdSummary, format: Format): How => ({
  title: <Trans>Gain of all portfolios</Trans>,
  formula: <Trans>Each portfolio’s gain, converted to {summary.currency} at today’s rates, added up.</Trans>,
  inputs: inputsOf(summary, 'gain', format),
});

/** What the household's total leaves out, and where. */
const Gaps = ({ summary }: { summary: HouseholdSummary }) => {
  const counted = summary.portfolios.filter((line) => line.counted);
  const partial = counted.filter((line) => !line.complete);
  return (
    <>
      {counted.some((line) => line.value === null) && (
        <Note tone="warn">
          <p>
            <Trans>
              A portfolio is left out of the total: the rate to {summary.currency} is not known. Import rates
              under <Link to="/markets/rates">Markets, exchange rates</Link>.
            </Trans>
          </p>
        </Note>
      )}
      {partial.length > 0 && (
        <Note tone="warn" title={<Trans>Something is left out of these portfolios</Trans>}>
          <ul>
            {partial.map((line) => (
              <li key={line.portfolioId}>
                <Link to="/" search={{ portfolio: line.portfolioId }}>
                  {line.name}
                </Link>
                : {line.missing.join(', ')}
              </li>
            ))}
          </ul>
        </Note>
      )}
    </>
  );
};

const Headlines = ({ summary }: { summary: HouseholdSummary }) => {
  const format = useFormat();
  const { currency } = summary;
  return (
    <dl className={classes['headlines']}>
      <Headline label={<ValueLabel debt={summary.debt} />} main>
        <Figure
          kind="money"
          value={summary.value}
          currency={currency}
          how={() => valueHow(summary, format)}
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
          missing="–"
          how={() => gainHow(summary, format)}
        />
        {summary.gainPct !== null && (
          <span className={classes['beside']}>{format.percent(summary.gainPct, true)}</span>
        )}
      </Headline>
      {summary.dayChange !== null && (
        <Headline label={<Trans>Today</Trans>}>
          <Change kind="money" value={summary.dayChange} currency={currency} />
        </Headline>
      )}
    </dl>
  );
};

const Wrappers = ({ summary }: { summary: HouseholdSummary }) => {
  const { t } = useLingui();
  const format = useFormat();
  const names = useWrapperNames();
  const bars = Object.entries(summary.byWrapper)
    .map(([wrapper, value]) => ({
      name: names[wrapper] ?? wrapper,
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
  if (bars.length === 0) return null;
  return (
    <Section title={<Trans>By tax wrapper</Trans>}>
      <BarList
        bars={bars}
        label={t`By tax wrapper`}
        heads={[<span key="n" className="sr-only">{t`Name`}</span>, summary.currency, '%']}
      />
    </Section>
  );
};

const Body = ({ summary }: { summary: HouseholdSummary }): ReactNode => {
  const { t } = useLingui();
  const columns = useColumns(summary.currency);
  return (
    <>
      <Headlines summary={summary} />
      <Gaps summary={summary} />
      <DataTable
        label={t`Portfolios`}
        columns={columns}
        rows={summary.portfolios}
        rowKey={(line) => line.portfolioId}
        exportName="portfolios"
      />
      <Wrappers summary={summary} />
    </>
  );
};

/** The household: every portfolio beside the others, one's own and those shared with one, and their sum. */
export const AllPortfolios = () => {
  const navigate = useNavigate();
  const asOf = useRouterState({ select: (state) => (state.location.search as { asOf?: string }).asOf });
  const query = useQuery(householdQuery(asOf));
  const currency = query.data?.currency ?? '';
  return (
    <>
      <PageHeader
        title={<Trans>All portfolios</Trans>}
        lead={query.data && <Trans>Together in {currency}. Choose one above to see its parts.</Trans>}
        actions={
          <>
            <AsOf
              bare
              day={asOf}
              onChange={(day) => void navigate({ to: '/', search: (before) => ({ ...before, asOf: day }) })}
            />
            <Button variant="default" component={Link} to="/performance">
              <Trans>Performance</Trans>
            </Button>
            <Button
              leftSection={<IconPlus size={16} />}
              onClick={() => void navigate({ to: '.', search: { dialog: 'new-portfolio' } })}
            >
              <Trans>New portfolio</Trans>
            </Button>
          </>
        }
      />
      <InvitationNote />
      <Loaded query={query} lines={5}>
        {(summary) => <Body summary={summary} />}
      </Loaded>
    </>
  );
};
