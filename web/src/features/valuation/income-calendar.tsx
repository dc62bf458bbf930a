import { Trans, useLingui } from '@lingui/react/macro';
import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { monthAfter, monthQuery, weeksOf, type IncomePayment } from './income-queries.ts';
import { TakeBack, usePaymentHow } from './income-waiting.tsx';
import classes from './income.module.css';

const useStatusWords = (): Readonly<Record<IncomePayment['status'], string>> => {
  const { t } = useLingui();
  return {
    received: t`received`,
    waiting: t`waiting for you`,
    announced: t`announced`,
    estimated: t`estimated`,
    dismissed: t`dismissed`,
  };
};

/** Names of the days from Monday on. */
const useWeekdays = (): readonly { readonly short: string; readonly long: string }[] => {
  const { locale } = useFormat();
  return useMemo(() => {
    const write = (style: 'short' | 'long') =>
      new Intl.DateTimeFormat(locale, { weekday: style, timeZone: 'UTC' });
    const [short, long] = [write('short'), write('long')];
    // 1 January 2024 was a Monday.
    return Array.from({ length: 7 }, (_, day) => {
      const date = new Date(Date.UTC(2024, 0, 1 + day));
      return { short: short.format(date), long: long.format(date) };
    });
  }, [locale]);
};

const Grid = ({
  month,
  label,
  payments,
}: {
  month: string;
  label: string;
  payments: readonly IncomePayment[];
}) => {
  const format = useFormat();
  const weekdays = useWeekdays();
  const today = format.today();
  const byDay = Map.groupBy(payments, ({ payDate }) => payDate);
  return (
    <table className={classes['calendar']} aria-label={label}>
      <thead>
        <tr>
          {weekdays.map(({ short, long }) => (
            <th key={long} scope="col" abbr={long}>
              {short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(month).map((week) => (
          <tr key={week[0]?.date}>
            {week.map(({ date, isInMonth }) => (
              <td
                key={date}
                data-outside={isInMonth ? undefined : true}
                data-today={date === today ? true : undefined}
              >
                <span className={classes['number']}>{Number(date.slice(-2))}</span>
                {(isInMonth ? (byDay.get(date) ?? []) : []).map((one) => (
                  <span key={one.id} className={classes['entry']} data-status={one.status} title={one.name}>
                    <span className={classes['entryText']}>
                      {one.amount === null
                        ? format.money(one.gross, one.paidIn)
                        : format.money(one.amount, one.currency)}
                    </span>
                  </span>
                ))}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const Entries = ({
  payments,
  mayEdit,
}: {
  payments: readonly IncomePayment[];
  mayEdit: (portfolioId: string) => boolean;
}) => {
  const format = useFormat();
  const words = useStatusWords();
  const howOf = usePaymentHow();
  if (payments.length === 0) {
    return (
      <p className={classes['quiet']}>
        <Trans>Nothing is paid in this month.</Trans>
      </p>
    );
  }
  return (
    <ul className={classes['list']}>
      {payments.map((one) => (
        <li key={one.id} className={classes['item']}>
          <div className={classes['what']}>
            <strong>{one.name}</strong>{' '}
            <Tag {...(one.status === 'waiting' && { tone: 'warn' })}>{words[one.status]}</Tag>
            <p className={classes['quiet']}>
              {format.day(one.payDate)}, {one.account}
            </p>
          </div>
          <span className={classes['amount']}>
            <Figure
              kind="money"
              value={one.amount ?? one.gross}
              currency={one.amount === null ? one.paidIn : one.currency}
              how={() => howOf(one)}
            />
          </span>
          {(one.confirmed || one.status === 'dismissed') && mayEdit(one.portfolioId) && (
            <TakeBack payment={one} />
          )}
        </li>
      ))}
    </ul>
  );
};

type CalendarProps = {
  readonly portfolioId: string | null;
  readonly month: string;
  readonly onMonth: (month: string) => void;
  readonly mayEdit: (portfolioId: string) => boolean;
};

/** A month with what is paid on which day, and the same as a list. */
export const IncomeCalendar = ({ portfolioId, month, onMonth, mayEdit }: CalendarProps) => {
  const { t } = useLingui();
  const format = useFormat();
  const query = useQuery(monthQuery(portfolioId, month));
  const name = new Intl.DateTimeFormat(format.locale, {
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(`${month}-01T00:00:00Z`));
  return (
    <Section
      title={<Trans>Calendar</Trans>}
      actions={
        <span className={classes['month']}>
          <ActionIcon
            variant="default"
            size={34}
            aria-label={t`The month before`}
            onClick={() => onMonth(monthAfter(month, -1))}
          >
            <IconChevronLeft size={18} />
          </ActionIcon>
          <span aria-live="polite">{name}</span>
          <ActionIcon
            variant="default"
            size={34}
            aria-label={t`The month after`}
            onClick={() => onMonth(monthAfter(month, 1))}
          >
            <IconChevronRight size={18} />
          </ActionIcon>
        </span>
      }
    >
      <Loaded query={query} lines={8}>
        {(payments) => (
          <>
            <Grid month={month} label={t`Payments in ${name}`} payments={payments} />
            <Entries payments={payments} mayEdit={mayEdit} />
          </>
        )}
      </Loaded>
    </Section>
  );
};
