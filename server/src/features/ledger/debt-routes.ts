/** Routes of what is owed against holdings. Contents: list · add · correct · take away */
import { dayIn } from '@pm/domain/calendar';

import type { ApiRouter } from '#platform/http/index.ts';
import { created, noContent, ok } from '#platform/http/index.ts';

import { addDebt, changeDebt, listDebts, removeDebt } from './debts.ts';

/** Registers the routes of debts. */
export const debtRoutes = (api: ApiRouter): void => {
  api.route('GET /api/holdings/:id/debts', {
    handle: async ({ tx, params, query }) => ok(await listDebts(tx, params.id, query)),
  });

  api.route('POST /api/holdings/:id/debts', {
    handle: async ({ tx, params, body, user, now }) => {
      const debt = await addDebt(tx, params.id, body, dayIn(now, user.timezone));
      return created(debt, { etag: debt.version });
    },
  });

  api.route('PATCH /api/debts/:id', {
    handle: async ({ tx, params, body, ifMatch, user, now }) => {
      const debt = await changeDebt(tx, params.id, body, ifMatch, dayIn(now, user.timezone));
      return ok(debt, { etag: debt.version });
    },
  });

  api.route('DELETE /api/debts/:id', {
    handle: async ({ tx, params, ifMatch }) => {
      await removeDebt(tx, params.id, ifMatch);
      return noContent();
    },
  });
};
