import { Trans, useLingui } from '@lingui/react/macro';
import { NativeSelect } from '@mantine/core';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { textColumn, type TableColumn } from '../../ui/table-model.ts';
import { TimeChart, type TimePoint } from '../../ui/chart/time-chart.tsx';
import look from '../look-through/look-through.module.css';
import { useEventWords } from './event-words.ts';
import classes from './rates.module.css';

type Series = Answer<'GET /api/instruments/:id/price-series'>;
type Point = Series['points'][number];
type Adjustment = Series['adjustment'];

const SPANS = { month: { months: 1 }, year: { years: 1 }, five: { years: 5 }, all: { years: 60 } } as const;
type Span = keyof typeof SPANS;

const seriesQuery = (instrumentId: string, from: string, adjust: Adjustment) =>
  queryOptions({
    queryKey: ['prices', 'series', instrumentId, from, adjust],
    queryFn: ({ signal }) =>
      api('GET /api/instruments/:id/price-series', {
        params: { id: instrumentId },
        query: { from, adjust },
        signal,
      }),
    placeholderData: keepPreviousData,
  });

const PointsTable = ({ series }: { series: Series }) => {
  const { t } = useLingui();
  const format = useFormat();
  const columns = useMemo(
    (): readonly TableColumn<Point>[] => [
      textColumn({
        id: 'date',
        label: t`Day`,
        read: (one: Point) => one.date,
        cell: (one: Point) => format.day(one.date),
      }),
      {
        id: 'close',
        label: t`Close`,
        unit: series.currency ?? '',
        numeric: true,
        text: (one: Point) => one.close,
        cell: (one: Point) => format.price(one.close),
      },
    ],
    [t, format, series.currency],
  );
  return (
    <DataTable
      label={t`Closes`}
      columns={columns}
      rows={series.points.toReversed()}
      rowKey={(one) => one.date}
      exportName="closes"
    />
  );
};

const Picture = ({ series }: { series: Series }) => {
  const { t } = useLingui();
  const format = useFormat();
  const words = useEventWords();
  const write = useCallback(
    (text: string) => `${format.price(text)} ${series.currency ?? ''}`,
    [format, series.currency],
  );
  const points = useMemo(() => {
    const happened = eventsByDay(series, words);
    return series.points.map(({ date, close }): TimePoint => {
      const events = happened.get(date) ?? [];
      // A place in a picture; what is written is the exact text.
      return { date, values: [Number(close)], words: [write(close), ...events], isMarked: events.length > 0 };
    });
  }, [series, words, write]);
  const axis = useCallback((value: number) => format.price(String(value)), [format]);
  return (
    <TimeChart
      label={t`Close of each day`}
      points={points}
      lines={[series.currency ?? '']}
      axis={axis}
      exportName="price"
      table={<PointsTable series={series} />}
    />
  );
};

/** What happened by the day on which it shows: one without a price is marked at the next that has one. */
const eventsByDay = (
  { points, events }: Series,
  words: (event: Series['events'][number]) => string,
): ReadonlyMap<string, readonly string[]> => {
  const byDay = new Map<string, string[]>();
  for (const event of events) {
    const day = points.find((point) => point.date >= event.date)?.date;
    const counts = event.doubt === null && (event.type === 'split' || event.type === 'dividend');
    if (counts && day !== undefined) byDay.set(day, [...(byDay.get(day) ?? []), words(event)]);
  }
  return byDay;
};

const useStart = (span: Span): string => {
  const format = useFormat();
  return useMemo(() => {
    const { months = 0, years = 0 } = SPANS[span] as { months?: number; years?: number };
    const [year = '', month = '', day = ''] = format.today().split('-');
    const start = new Date(Date.UTC(Number(year) - years, Number(month) - 1 - months, Number(day)));
    return start.toISOString().slice(0, 10);
  }, [format, span]);
};

/** The price of an instrument over time, as traded or adjusted, with its splits and dividends. */
export const PriceChart = ({ instrumentId }: { instrumentId: string }) => {
  const { t } = useLingui();
  const [span, setSpan] = useState<Span>('year');
  const [adjust, setAdjust] = useState<Adjustment>('splits');
  const query = useQuery(seriesQuery(instrumentId, useStart(span), adjust));
  return (
    <Section title={<Trans>Price over time</Trans>}>
      <div className={look['controls']}>
        <NativeSelect
          aria-label={t`Period`}
          value={span}
          data={[
            { value: 'month', label: t`One month` },
            { value: 'year', label: t`One year` },
            { value: 'five', label: t`Five years` },
            { value: 'all', label: t`All` },
          ]}
          onChange={(event) => setSpan(event.currentTarget.value as Span)}
        />
        <NativeSelect
          aria-label={t`Adjusted for`}
          value={adjust}
          data={[
            { value: 'splits', label: t`Adjusted for splits` },
            { value: 'all', label: t`Splits and dividends` },
            { value: 'none', label: t`As traded` },
          ]}
          onChange={(event) => setAdjust(event.currentTarget.value as Adjustment)}
        />
      </div>
      <div className={classes['chart']}>
        <Loaded query={query} lines={8}>
          {(series) =>
            series.points.length < 2 ? (
              <p>
                <Trans>A line needs the closes of two days; there are fewer in this period.</Trans>
              </p>
            ) : (
              <Picture series={series} />
            )
          }
        </Loaded>
      </div>
    </Section>
  );
};
