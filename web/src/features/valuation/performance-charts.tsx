import { Trans, useLingui } from '@lingui/react/macro';
import { useCallback, useMemo, type ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { TimeChart, type TimePoint } from '../../ui/chart/time-chart.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import { Section } from '../../ui/page.tsx';
import { byText, type TableColumn } from '../../ui/table-model.ts';
import type { Performance } from './performance-queries.ts';

type Point = Performance['series'][number];
type ChartProps = { readonly answer: Performance; readonly onDay: ((date: string) => void) | undefined };

const useColumns = (answer: Performance): readonly TableColumn<Point>[] => {
  const { t } = useLingui();
  const format = useFormat();
  const { currency, benchmark } = answer;
  return useMemo(() => {
    const columns: TableColumn<Point>[] = [
      {
        id: 'date',
        label: t`Day`,
        compare: byText((point: Point) => point.date),
        text: (point: Point) => point.date,
        cell: (point: Point) => format.day(point.date),
      },
      {
        id: 'value',
        label: t`Value`,
        unit: currency,
        numeric: true,
        text: (point: Point) => point.value,
        cell: (point: Point) => <Figure kind="money" bare value={point.value} currency={currency} />,
      },
      {
        id: 'flow',
        label: t`Came in or went out`,
        unit: currency,
        numeric: true,
        text: (point: Point) => point.flow,
        cell: (point: Point) => <Figure kind="money" bare value={point.flow} currency={currency} />,
      },
      {
        id: 'pct',
        label: t`Return`,
        unit: '%',
        numeric: true,
        text: (point: Point) => String(point.pct ?? ''),
        cell: (point: Point) => <Change kind="percent" bare value={point.pct} />,
      },
    ];
    if (benchmark !== null) {
      columns.push({
        id: 'benchmark',
        label: benchmark.name,
        unit: '%',
        numeric: true,
        text: (point: Point) => String(point.benchmarkPct ?? ''),
        cell: (point: Point) => <Change kind="percent" bare value={point.benchmarkPct} />,
      });
    }
    return columns;
  }, [t, format, currency, benchmark]);
};

const PointTable = ({ answer, label }: { answer: Performance; label: string }) => (
  <DataTable
    label={label}
    columns={useColumns(answer)}
    rows={answer.series}
    rowKey={(point) => point.date}
    exportName={`performance-${answer.from}-${answer.to}`}
  />
);

/** Thousands and millions without their zeros: 12k, 3.4m. */
const useShort = (): ((value: number) => string) => {
  const format = useFormat();
  return useCallback(
    (value) =>
      new Intl.NumberFormat(format.locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value),
    [format.locale],
  );
};

/** What it was worth, with what came and went. */
export const ValueChart = ({ answer, onDay, more }: ChartProps & { readonly more?: ReactNode }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { series, currency, benchmark } = answer;
  const compared = benchmark !== null && benchmark.endValue !== null ? benchmark.name : null;
  const points = useMemo(
    (): TimePoint[] =>
      series.map((point) => ({
        date: point.date,
        values: [
          Number(point.value),
          ...(compared === null ? [] : [point.benchmarkValue === null ? null : Number(point.benchmarkValue)]),
        ],
        flow: Number(point.flow),
        words: [
          format.money(point.value, currency),
          ...(Number(point.flow) === 0
            ? []
            : [t`Came in or went out: ${format.money(point.flow, currency, true)}`]),
          ...(compared === null || point.benchmarkValue === null
            ? []
            : [t`${compared}: ${format.money(point.benchmarkValue, currency)}`]),
        ],
      })),
    [series, currency, compared, format, t],
  );
  const lines = useMemo(() => [t`Value`, ...(compared === null ? [] : [compared])], [t, compared]);
  const label = t`Value over time`;
  return (
    <Section
      title={<Trans>What it was worth</Trans>}
      actions={more}
      lead={
        compared === null ? (
          <Trans>Triangles: something came in (up) or went out (down)</Trans>
        ) : (
          <Trans>Dashed: the same money in {compared}</Trans>
        )
      }
    >
      <TimeChart
        label={label}
        points={points}
        lines={lines}
        axis={useShort()}
        filled
        onPick={onDay}
        exportName={`value-${answer.from}-${answer.to}`}
        about={`${answer.name}, ${format.dayRange(answer.from, answer.to)}`}
        table={<PointTable answer={answer} label={label} />}
      />
    </Section>
  );
};

/** How a pound that was there all the time grew. */
export const ReturnChart = ({ answer, onDay }: ChartProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const { series, benchmark } = answer;
  const compared = benchmark !== null && benchmark.pct !== null ? benchmark.name : null;
  const points = useMemo(
    (): TimePoint[] =>
      series.map((point) => ({
        date: point.date,
        values: [point.pct, ...(compared === null ? [] : [point.benchmarkPct])],
        words: [
          point.pct === null ? '–' : format.percent(point.pct, true),
          ...(compared === null || point.benchmarkPct === null
            ? []
            : [t`${compared}: ${format.percent(point.benchmarkPct, true)}`]),
        ],
      })),
    [series, compared, format, t],
  );
  const lines = useMemo(() => [t`Return`, ...(compared === null ? [] : [compared])], [t, compared]);
  const axis = useCallback((value: number) => `${format.percentFigure(value, 0)} %`, [format]);
  const label = t`Time-weighted return over time`;
  return (
    <Section
      title={<Trans>How it grew</Trans>}
      lead={
        compared === null ? (
          <Trans>Time-weighted: what came and went makes no difference</Trans>
        ) : (
          <Trans>Time-weighted; dashed: {compared}</Trans>
        )
      }
    >
      <TimeChart
        label={label}
        points={points}
        lines={lines}
        axis={axis}
        onPick={onDay}
        exportName={`return-${answer.from}-${answer.to}`}
        about={`${answer.name}, ${format.dayRange(answer.from, answer.to)}`}
        table={<PointTable answer={answer} label={label} />}
      />
    </Section>
  );
};
