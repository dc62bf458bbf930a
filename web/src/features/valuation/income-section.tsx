import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Section } from '../../ui/page.tsx';
import { byDecimal, byText, type TableColumn } from '../../ui/table-model.ts';
import { Headline } from './headline.tsx';
import classes from './overview.module.css';
import { incomeQuery, type Income } from './performance-queries.ts';

type Row = Income['byTaxYear'][number];

const useColumns = (first: string, currency: string): readonly TableColumn<Row>[] => {
  const { t } = useLingui();
  return useMemo(() => {
    const money = (id: string, label: string, read: (row: Row) => string) => ({
      id,
      label,
      unit: currency,
      numeric: true,
      compare: byDecimal(read),
      text: read,
      cell: (row: Row) => <Figure kind="money" bare value={read(row)} currency={currency} />,
    });
    return [
      {
        id: 'name',
        label: first,
        compare: byText((row: Row) => row.name),
        text: (row: Row) => row.name,
        cell: (row: Row) => row.name,
      },
      money('dividends', t`Dividends`, (row) => row.dividends),
      money('interest', t`Interest`, (row) => row.interest),
      money('charges', t`Withheld and charged`, (row) => row.charges),
      money('net', t`Received`, (row) => row.net),
    ];
  }, [t, first, currency]);
};

const Rows = ({
  label,
  first,
  rows,
  currency,
}: {
  label: string;
  first: string;
  rows: readonly Row[];
  currency: string;
}) => (
  <DataTable
    label={label}
    columns={useColumns(first, currency)}
    rows={rows}
    rowKey={(row) => row.name}
    exportName={`income-${first.toLowerCase()}`}
  />
);

/** Dividends and interest since the start, whatever the period above; nothing where nothing was received. */
export const IncomeSection = ({ portfolioId }: { portfolioId: string }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { data } = useQuery(incomeQuery(portfolioId));
  if (data === undefined || data.from === null) return null;
  const { currency, yearly } = data;
  const how = (title: string) => () => ({
    title,
    formula: yearly.formula,
    inputs: [{ label: <Trans>Received in 365 days</Trans>, value: format.money(yearly.net, currency) }],
    asOf: format.day(data.to),
  });
  return (
    <Section
      title={<Trans>Income received</Trans>}
      lead={<Trans>Dividends and interest since {format.day(data.from)}</Trans>}
    >
      <dl className={classes['headlines']}>
        <Headline label={<Trans>In the last 365 days</Trans>}>
          <Figure kind="money" value={yearly.net} currency={currency} />
        </Headline>
        <Headline label={<Trans>Yield on cost</Trans>}>
          <Figure kind="percent" value={yearly.onCostPct} how={how(t`Yield on cost`)} />
        </Headline>
        <Headline label={<Trans>Yield on value</Trans>}>
          <Figure kind="percent" value={yearly.onValuePct} how={how(t`Yield on value`)} />
        </Headline>
      </dl>
      <Rows label={t`Income by tax year`} first={t`Tax year`} rows={data.byTaxYear} currency={currency} />
      <Rows label={t`Income by month`} first={t`Month`} rows={data.byMonth} currency={currency} />
      <Rows label={t`Income by account`} first={t`Account`} rows={data.byAccount} currency={currency} />
    </Section>
  );
};
