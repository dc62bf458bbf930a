import { Trans, useLingui } from '@lingui/react/macro';
import { useCallback, useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Columns, type ColumnItem, type ColumnPart } from '../../ui/chart/columns.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Section } from '../../ui/page.tsx';
import { decimalColumn, textColumn, type TableColumn } from '../../ui/table-model.ts';
import { Headline } from './headline.tsx';
import { monthAfter, type Income, type IncomeRow } from './income-queries.ts';
import classes from './overview.module.css';

const useMonthName = (): ((month: string) => string) => {
  const format = useFormat();
  return useCallback(
    (month) =>
      new Intl.DateTimeFormat(format.locale, { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(
        new Date(`${month}-01T00:00:00Z`),
      ),
    [format.locale],
  );
};

const useColumns = (
  first: string,
  currency: string,
  nameOf: (row: IncomeRow) => string,
): readonly TableColumn<IncomeRow>[] => {
  const { t } = useLingui();
  return useMemo(() => {
    const money = (id: string, label: string, read: (row: IncomeRow) => string) =>
      decimalColumn<IncomeRow>({
        id,
        label,
        unit: currency,
        read,
        cell: (row) => <Figure kind="money" bare value={read(row)} currency={currency} />,
      });
    return [
      textColumn<IncomeRow>({ id: 'name', label: first, read: (row) => row.name, cell: nameOf }),
      { ...money('dividends', t`Dividends`, (row) => row.dividends), wide: true },
      { ...money('interest', t`Interest`, (row) => row.interest), wide: true },
      { ...money('charges', t`Withheld and charged`, (row) => row.charges), wide: true },
      money('net', t`Received`, (row) => row.net),
      money('expected', t`Expected`, (row) => row.expected),
      money('estimated', t`Estimated`, (row) => row.estimated),
    ];
  }, [t, first, currency, nameOf]);
};

const asIs = (row: IncomeRow): string => row.name;

type RowsProps = {
  readonly label: string;
  readonly first: string;
  readonly rows: readonly (IncomeRow & { readonly holdingId?: string })[];
  readonly currency: string;
  readonly name: string;
  readonly nameOf?: (row: IncomeRow) => string;
};

const Rows = ({ label, first, rows, currency, name, nameOf = asIs }: RowsProps) => (
  <DataTable<RowsProps['rows'][number]>
    label={label}
    columns={useColumns(first, currency, nameOf)}
    rows={rows}
    rowKey={(row) => row.holdingId ?? row.name}
    exportName={`income-by-${name}`}
  />
);

/** A year's income with what it is of cost and value, and what the coming one lets expect. */
export const IncomeFigures = ({ answer }: { answer: Income }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { currency, yearly, coming } = answer;
  const money = (amount: string): string => format.money(amount, currency);
  const received = (title: string) => () => ({
    title,
    formula: yearly.formula,
    inputs: [{ label: <Trans>Received in 365 days, net</Trans>, value: money(yearly.net) }],
    asOf: format.day(answer.to),
  });
  const expected = (title: string) => () => ({
    title,
    formula: coming.formula,
    inputs: [
      { label: <Trans>Announced or waiting</Trans>, value: money(coming.expected) },
      { label: <Trans>Estimated by last year</Trans>, value: money(coming.estimated) },
    ],
    asOf: format.day(answer.to),
    note: <Trans>Gross. What is estimated was announced by nobody.</Trans>,
  });
  return (
    <dl className={classes['headlines']}>
      <Headline label={<Trans>Received in the last 365 days</Trans>} main>
        <Figure kind="money" value={yearly.net} currency={currency} how={received(t`Received in a year`)} />
      </Headline>
      <Headline label={<Trans>Yield on cost</Trans>}>
        <Figure kind="percent" value={yearly.onCostPct} how={received(t`Yield on cost`)} />
      </Headline>
      <Headline label={<Trans>Yield on value</Trans>}>
        <Figure kind="percent" value={yearly.onValuePct} how={received(t`Yield on value`)} />
      </Headline>
      <Headline label={<Trans>To come in 365 days</Trans>}>
        <Figure kind="money" value={coming.gross} currency={currency} how={expected(t`To come in a year`)} />
        <span className={classes['beside']}>
          <Trans>{money(coming.estimated)} of it estimated</Trans>
        </span>
      </Headline>
      <Headline label={<Trans>Coming yield on value</Trans>}>
        <Figure kind="percent" value={coming.onValuePct} how={expected(t`Coming yield on value`)} />
      </Headline>
    </dl>
  );
};

/** Every month between the first and the last that has something, so that empty ones show as such. */
const monthsOf = (rows: readonly IncomeRow[]): string[] => {
  const [last, first] = [rows[0]?.name, rows.at(-1)?.name];
  const months: string[] = [];
  if (first === undefined || last === undefined) return months;
  for (let month = first; month <= last; month = monthAfter(month, 1)) months.push(month);
  return months;
};

const useParts = (): readonly ColumnPart[] => {
  const { t } = useLingui();
  return useMemo(
    () => [
      { name: t`Received`, kind: 'full' },
      { name: t`Expected`, kind: 'soft' },
      { name: t`Estimated`, kind: 'dashed' },
    ],
    [t],
  );
};

/** What came and what is to come, month by month. */
export const IncomeBars = ({ answer, onMonth }: { answer: Income; onMonth: (month: string) => void }) => {
  const { t } = useLingui();
  const format = useFormat();
  const monthName = useMonthName();
  const { byMonth, currency } = answer;
  const items = useMemo((): ColumnItem[] => {
    const known = new Map(byMonth.map((row) => [row.name, row]));
    return monthsOf(byMonth).map((month) => {
      const row = known.get(month);
      const { net = '0', expected = '0', estimated = '0' } = row ?? {};
      const said = (label: string, amount: string): string[] =>
        Number(amount) === 0 ? [] : [`${label}: ${format.money(amount, currency)}`];
      const words = [
        ...said(t`Received`, net),
        ...said(t`Expected`, expected),
        ...said(t`Estimated`, estimated),
      ];
      return {
        key: month,
        name: monthName(month),
        values: [Number(net), Number(expected), Number(estimated)],
        words: words.length === 0 ? [t`nothing`] : words,
      };
    });
  }, [byMonth, currency, format, monthName, t]);
  const parts = useParts();
  const axis = useCallback(
    (value: number) =>
      new Intl.NumberFormat(format.locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value),
    [format.locale],
  );
  const nameOf = useCallback((row: IncomeRow) => monthName(row.name), [monthName]);
  return (
    <Section
      title={<Trans>Month by month</Trans>}
      lead={<Trans>Filled: received. Pale: announced or waiting. Dashed: estimated by the last year.</Trans>}
    >
      <Columns
        label={t`Income by month`}
        parts={parts}
        items={items}
        axis={axis}
        onPick={onMonth}
        exportName="income-by-month"
        table={
          <Rows
            label={t`Income by month`}
            first={t`Month`}
            rows={byMonth}
            currency={currency}
            name="month"
            nameOf={nameOf}
          />
        }
      />
    </Section>
  );
};

/** The same sums by tax year, account and holding. */
export const IncomeTables = ({ answer }: { answer: Income }) => {
  const { t } = useLingui();
  const { currency } = answer;
  return (
    <Section
      title={<Trans>Sums of the period</Trans>}
      lead={<Trans>Expected and estimated are gross; received is less what was withheld or charged</Trans>}
    >
      <Rows
        currency={currency}
        label={t`Income by tax year`}
        first={t`Tax year`}
        rows={answer.byTaxYear}
        name="tax-year"
      />
      <Rows
        currency={currency}
        label={t`Income by account`}
        first={t`Account`}
        rows={answer.byAccount}
        name="account"
      />
      <Rows
        currency={currency}
        label={t`Income by holding`}
        first={t`Holding`}
        rows={answer.byHolding}
        name="holding"
      />
    </Section>
  );
};
