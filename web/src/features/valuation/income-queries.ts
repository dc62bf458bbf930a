import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, type Answer } from '../../lib/api.ts';
import type { IncomePeriod } from './income-periods.ts';

export type Income = Answer<'GET /api/portfolios/:id/income'>;
export type IncomeRow = Income['byMonth'][number];
export type IncomePayment = Answer<'GET /api/portfolios/:id/income/payments'>['items'][number];

/** A month shows this many payments; the sums count all. */
const PAGE = 200;
/** So many wait beside the sums; the next ones follow when these are decided. */
const WAITING = 20;

/** What a portfolio, or all of them, received and expects. */
export const incomeQuery = (portfolioId: string | null, period: IncomePeriod) =>
  queryOptions({
    queryKey: ['valuation', 'income', portfolioId ?? 'all', period],
    queryFn: ({ signal }): Promise<Income> =>
      portfolioId === null
        ? api('GET /api/income', { query: { period }, signal })
        : api('GET /api/portfolios/:id/income', { params: { id: portfolioId }, query: { period }, signal }),
    placeholderData: keepPreviousData,
  });

type PaymentsAsked = {
  readonly from?: string;
  readonly to?: string;
  readonly status?: 'waiting' | 'dismissed';
  readonly limit: number;
};

const paymentsQuery = (portfolioId: string | null, asked: PaymentsAsked) =>
  queryOptions({
    queryKey: ['valuation', 'income-payments', portfolioId ?? 'all', asked],
    queryFn: ({ signal }) =>
      portfolioId === null
        ? api('GET /api/income/payments', { query: asked, signal })
        : api('GET /api/portfolios/:id/income/payments', {
            params: { id: portfolioId },
            query: asked,
            signal,
          }),
    select: (page) => page.items,
    placeholderData: keepPreviousData,
  });

/** What waits to be confirmed, the oldest first. */
export const waitingQuery = (portfolioId: string | null) =>
  paymentsQuery(portfolioId, { status: 'waiting', limit: WAITING });

/** The last day of a month, both as the API writes them. */
export const monthEnd = (month: string): string => {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year ?? 0, number ?? 1, 0)).toISOString().slice(0, 10);
};

/** The month so many months after another. */
export const monthAfter = (month: string, months: number): string => {
  const [year, number] = month.split('-').map(Number);
  return new Date(Date.UTC(year ?? 0, (number ?? 1) - 1 + months, 1)).toISOString().slice(0, 7);
};

/** The payments of a month, by their days. */
export const monthQuery = (portfolioId: string | null, month: string) =>
  paymentsQuery(portfolioId, { from: `${month}-01`, to: monthEnd(month), limit: PAGE });

export type CalendarDay = { readonly date: string; readonly isInMonth: boolean };

const DAY_MS = 86_400_000;
const WEEK = 7;

/** The weeks of a month from Monday to Sunday, with the days of its neighbours that fill them. */
export const weeksOf = (month: string): CalendarDay[][] => {
  const first = Date.parse(`${month}-01T00:00:00Z`);
  const last = Date.parse(`${monthEnd(month)}T00:00:00Z`);
  const start = first - ((new Date(first).getUTCDay() + 6) % WEEK) * DAY_MS;
  const count = Math.ceil(((last - start) / DAY_MS + 1) / WEEK);
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: WEEK }, (__, day) => {
      const date = new Date(start + (week * WEEK + day) * DAY_MS).toISOString().slice(0, 10);
      return { date, isInMonth: date.startsWith(month) };
    }),
  );
};
