/** Routes of income. Contents: sums and payments (of a portfolio · of all) · dividends (confirm · dismiss · reopen) */
import { dayIn } from '@pm/domain/calendar';

import type { ApiRouter } from '#platform/http/index.ts';
import { ok } from '#platform/http/index.ts';

import { confirmDividend, dismissDividend, reopenDividend } from './income-decisions.ts';
import type { DividendAsked } from './income-decisions.ts';
import { incomeOf, incomeOfAll, listAllPayments, listPayments } from './income.ts';

type Call = {
  readonly params: { readonly id: string; readonly date: string };
  readonly body: { readonly place?: number };
  readonly user: { readonly timezone: string };
  readonly now: Temporal.Instant;
};

const askedOf = ({ params, body, user, now }: Call): DividendAsked => ({
  holdingId: params.id,
  exDate: params.date,
  ...(body.place !== undefined && { place: body.place }),
  today: dayIn(now, user.timezone),
});

/** Registers the routes of income. */
export const incomeRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios/:id/income', {
    keep: true,
    handle: async ({ tx, params, query, user, now }) =>
      ok(await incomeOf(tx, params.id, { ...query, now, timezone: user.timezone })),
  });

  api.route('GET /api/income', {
    keep: true,
    handle: async ({ tx, query, user, now }) =>
      ok(await incomeOfAll(tx, user.id, { ...query, now, timezone: user.timezone })),
  });

  api.route('GET /api/portfolios/:id/income/payments', {
    keep: true,
    handle: async ({ tx, params, query, user, now }) =>
      ok(await listPayments(tx, params.id, { ...query, now, timezone: user.timezone })),
  });

  api.route('GET /api/income/payments', {
    keep: true,
    handle: async ({ tx, query, user, now }) =>
      ok(await listAllPayments(tx, { ...query, now, timezone: user.timezone })),
  });

  api.route('POST /api/holdings/:id/dividends/:date/confirm', {
    handle: async ({ tx, ...call }) => ok(await confirmDividend(tx, askedOf(call), call.body)),
  });

  api.route('POST /api/holdings/:id/dividends/:date/dismiss', {
    handle: async ({ tx, ...call }) => ok(await dismissDividend(tx, askedOf(call))),
  });

  api.route('POST /api/holdings/:id/dividends/:date/reopen', {
    handle: async ({ tx, ...call }) => ok(await reopenDividend(tx, askedOf(call))),
  });
};
