import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMemo, useState, type CSSProperties, type ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Change, Figure } from '../../ui/figure.tsx';
import type { How } from '../../ui/how.tsx';
import { Note, Section } from '../../ui/page.tsx';
import { byDecimal, byNumber, byText, type TableColumn, type TableSort } from '../../ui/table-model.ts';
import classes from './performance.module.css';
import { gainHow } from './performance-how.tsx';
import type { Contribution, Performance } from './performance-queries.ts';

type Props = { readonly answer: Performance };

/** What the figures leave out or rest on. */
export const Completeness = ({ answer }: Props) => {
  const format = useFormat();
  const { missing, carried, changedFrom } = answer.completeness;
  const { undefinedDays } = answer.timeWeighted;
  return (
    <>
      {missing.length > 0 && (
        <Note tone="warn" title={<Trans>Something is left out</Trans>}>
          <ul>
            {missing.map((gap) => (
              <li key={gap.id}>
                <Trans>
                  {gap.name}: no price or no rate on {format.count(gap.days)} days,{' '}
                  {format.dayRange(gap.from, gap.to)}. It counts from the first day that is known.
                </Trans>
              </li>
            ))}
          </ul>
        </Note>
      )}
      {carried.length > 0 && (
        <Note tone="warn" title={<Trans>Old prices stand in</Trans>}>
          <ul>
            {carried.map((gap) => (
              <li key={gap.id}>
                <Trans>
                  {gap.name}: on {format.count(gap.days)} days the price was more than a week old,{' '}
                  {format.dayRange(gap.from, gap.to)}.
                </Trans>
              </li>
            ))}
          </ul>
        </Note>
      )}
      {undefinedDays.length > 0 && (
        <Note tone="warn" title={<Trans>No return can be said</Trans>}>
          <Trans>
            On {format.count(undefinedDays.length)} days something was worth something although nothing had
            been put in, first on {format.day(undefinedDays[0] ?? answer.from)}.
          </Trans>
        </Note>
      )}
      {changedFrom !== null && (
        <Note>
          <Trans>
            Something changed on {format.day(changedFrom)}. The figures are right; what is kept for speed is
            being computed anew from then on. This note goes when that is done.
          </Trans>
        </Note>
      )}
    </>
  );
};

type Line = {
  readonly key: string;
  readonly label: ReactNode;
  readonly value: string;
  readonly how?: () => How;
};

/** Where the gain came from, and what came and went. */
export const GainParts = ({ answer }: Props) => {
  const format = useFormat();
  const { split, currency } = answer;
  const lines: Line[] = [
    ...(split === null
      ? []
      : [
          { key: 'price', label: <Trans>What prices did</Trans>, value: split.price },
          { key: 'currency', label: <Trans>What exchange rates did</Trans>, value: split.currency },
          { key: 'income', label: <Trans>Income, less separate charges</Trans>, value: split.income },
        ]),
    { key: 'total', label: <Trans>Gain</Trans>, value: answer.gain, how: () => gainHow(answer, format) },
  ];
  const ways: Line[] = [
    { key: 'start', label: <Trans>Value on {format.day(answer.from)}</Trans>, value: answer.startValue },
    { key: 'flow', label: <Trans>Came in less went out</Trans>, value: answer.netFlow },
    { key: 'gain', label: <Trans>Gain</Trans>, value: answer.gain },
    { key: 'total', label: <Trans>Value on {format.day(answer.to)}</Trans>, value: answer.endValue },
  ];
  return (
    <Section title={<Trans>In money</Trans>} lead={answer.currency}>
      <div className={classes['pair']}>
        {[
          { title: <Trans>From the start to the end</Trans>, rows: ways, signed: false },
          { title: <Trans>Where the gain came from</Trans>, rows: lines, signed: true },
        ].map(({ title, rows, signed }, at) => (
          <table key={at} className={classes['facts']}>
            <caption>{title}</caption>
            <tbody>
              {rows.map(({ key, label, value, how }) => (
                <tr key={key} data-total={key === 'total'}>
                  <th scope="row">{label}</th>
                  <td>
                    {signed || key === 'gain' ? (
                      <Change kind="money" value={value} currency={currency} how={how} />
                    ) : (
                      <Figure kind="money" signed={key === 'flow'} value={value} currency={currency} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </Section>
  );
};

const MONTHS = Array.from({ length: 12 }, (_, at) => at + 1);
/** A month of this many per cent is painted as strongly as any. */
const STRONG_PCT = 8;

const paint = (pct: number): CSSProperties => {
  const share = Math.round((Math.min(Math.abs(pct), STRONG_PCT) / STRONG_PCT) * 42);
  const colour = pct < 0 ? 'var(--loss)' : 'var(--gain)';
  return { background: `color-mix(in srgb, ${colour} ${share}%, transparent)` };
};

/** Month by month, a year a row. */
export const Months = ({ answer }: Props) => {
  const { t } = useLingui();
  const format = useFormat();
  const byMonth = new Map(answer.months.map((one) => [one.month, one]));
  const years = [...new Set(answer.months.map((one) => one.month.slice(0, 4)))].toReversed();
  const name = new Intl.DateTimeFormat(format.locale, { month: 'short', timeZone: 'UTC' });
  if (years.length === 0) return null;
  return (
    <Section
      title={<Trans>Month by month</Trans>}
      lead={<Trans>Time-weighted, in per cent; slanted where the month is not whole</Trans>}
    >
      <div className={classes['scroll']} role="region" aria-label={t`Returns by month`} tabIndex={0}>
        <table className={classes['months']}>
          <caption className="sr-only">{t`Returns by month`}</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className="sr-only">{t`Year`}</span>
              </th>
              {MONTHS.map((month) => (
                <th key={month} scope="col">
                  {name.format(Date.UTC(2024, month - 1, 1))}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {years.map((year) => (
              <tr key={year}>
                <th scope="row">{year}</th>
                {MONTHS.map((month) => {
                  const one = byMonth.get(`${year}-${String(month).padStart(2, '0')}`);
                  return one === undefined ? (
                    <td key={month} />
                  ) : (
                    <td key={month} data-part={!one.whole} style={paint(one.pct)}>
                      {format.percentFigure(one.pct, 1)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
};

/** The best and the worst day and month. */
export const Extremes = ({ answer }: Props) => {
  const format = useFormat();
  const { best, worst } = answer;
  const rows = [
    { key: 'best day', label: <Trans>Best day</Trans>, one: best.day },
    { key: 'worst day', label: <Trans>Worst day</Trans>, one: worst.day },
    { key: 'best month', label: <Trans>Best whole month</Trans>, one: best.month },
    { key: 'worst month', label: <Trans>Worst whole month</Trans>, one: worst.month },
  ].flatMap(({ one, ...rest }) => (one === null ? [] : [{ ...rest, one }]));
  if (rows.length === 0) return null;
  return (
    <Section title={<Trans>Best and worst</Trans>}>
      <table className={classes['facts']}>
        <tbody>
          {rows.map(({ key, label, one }) => (
            <tr key={key}>
              <th scope="row">
                {label}{' '}
                <span className={classes['under']}>
                  {key.endsWith('day') ? format.day(one.to) : format.dayRange(one.from, one.to)}
                </span>
              </th>
              <td>
                <Change kind="percent" value={one.pct} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
};

const useColumns = (answer: Performance): readonly TableColumn<Contribution>[] => {
  const { t } = useLingui();
  const { currency, portfolioId } = answer;
  return useMemo(() => {
    const money = (id: string, label: string, read: (part: Contribution) => string, signed: boolean) => ({
      id,
      label,
      unit: currency,
      numeric: true,
      compare: byDecimal(read),
      text: read,
      cell: (part: Contribution) =>
        signed ? (
          <Change kind="money" bare value={read(part)} currency={currency} />
        ) : (
          <Figure kind="money" bare value={read(part)} currency={currency} />
        ),
    });
    return [
      {
        id: 'name',
        label: portfolioId === null ? t`Portfolio` : t`Holding`,
        width: 200,
        compare: byText((part: Contribution) => part.name),
        text: (part: Contribution) => part.name,
        cell: (part: Contribution) =>
          portfolioId === null ? (
            <Link to="/performance" search={{ portfolio: part.id }}>
              {part.name}
            </Link>
          ) : (
            <Link to="/holdings/$holdingId" params={{ holdingId: part.id }}>
              {part.name}
            </Link>
          ),
      },
      {
        id: 'contribution',
        label: t`Contribution`,
        unit: '%',
        numeric: true,
        compare: byNumber((part: Contribution) => part.contributionPct),
        text: (part: Contribution) => String(part.contributionPct ?? ''),
        cell: (part: Contribution) => <Change kind="percent" bare value={part.contributionPct} />,
      },
      money('gain', t`Gain`, (part) => part.gain, true),
      money('flow', t`Came in less went out`, (part) => part.netFlow, false),
      money('start', t`At the start`, (part) => part.startValue, false),
      money('end', t`At the end`, (part) => part.endValue, false),
    ];
  }, [t, currency, portfolioId]);
};

/** What each part added; the parts add up to the whole. */
export const Contributions = ({ answer }: Props) => {
  const { t } = useLingui();
  const format = useFormat();
  const [sort, setSort] = useState<TableSort>({ id: 'contribution', desc: true });
  return (
    <Section
      title={<Trans>What each added</Trans>}
      lead={<Trans>Contributions add up to the time-weighted return, gains to the gain</Trans>}
    >
      <DataTable
        label={t`Contributions`}
        columns={useColumns(answer)}
        rows={answer.contributions}
        rowKey={(part) => part.id}
        sort={sort}
        onSort={setSort}
        totals={{
          contribution: <Change kind="percent" bare value={answer.timeWeighted.pct} />,
          gain: <Change kind="money" bare value={answer.gain} currency={answer.currency} />,
          flow: <Figure kind="money" bare value={answer.netFlow} currency={answer.currency} />,
          start: <Figure kind="money" bare value={answer.startValue} currency={answer.currency} />,
          end: <Figure kind="money" bare value={answer.endValue} currency={answer.currency} />,
        }}
        exportName={`contributions-${answer.from}-${answer.to}`}
      />
      {answer.contributionCount > answer.contributions.length && (
        <p className={classes['under']}>
          <Trans>
            The {format.count(answer.contributions.length)} largest gains and losses of{' '}
            {format.count(answer.contributionCount)}.
          </Trans>
        </p>
      )}
    </Section>
  );
};
