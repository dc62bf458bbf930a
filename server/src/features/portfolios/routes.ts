/**
 * Routes of portfolios. Changing and deleting one are the ledger's: both reach into its trades.
 *
 * Contents: list · create · read · change · change a list · accounts (list · change) · access (read · invite · change · remove) ·
 * invitations (list · accept · end)
 */
import { dayIn } from '@pm/domain/calendar';

import type { ApiRouter } from '#platform/http/index.ts';
import { created, noContent, ok } from '#platform/http/index.ts';

import { changeList } from './lists.ts';
import { listPortfolios, readPortfolio, startPortfolio } from './service.ts';
import { changeAccount, listAccounts } from './accounts.ts';
import {
  acceptInvitation,
  changeRole,
  endInvitation,
  invite,
  listInvitations,
  readAccess,
  removePerson,
} from './sharing.ts';

/** Registers the routes of portfolios. */
export const portfolioRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios', { handle: async ({ tx, query }) => ok(await listPortfolios(tx, query)) });

  api.route('POST /api/portfolios', {
    handle: async ({ tx, user, body }) => {
      const portfolio = await startPortfolio(tx, user.id, body);
      return created(portfolio, { etag: portfolio.version });
    },
  });

  api.route('GET /api/portfolios/:id', {
    handle: async ({ tx, params }) => {
      const portfolio = await readPortfolio(tx, params.id);
      return ok(portfolio, { etag: portfolio.version });
    },
  });

  api.route('POST /api/portfolios/:id/lists', {
    handle: async ({ tx, params, body, ifMatch }) => {
      const changed = await changeList(tx, params.id, body, ifMatch);
      return ok(changed, { etag: changed.portfolio.version });
    },
  });

  accountRoutes(api);
  sharingRoutes(api);
};

const accountRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios/:id/accounts', {
    handle: async ({ tx, params }) => ok(await listAccounts(tx, params.id)),
  });

  api.route('PATCH /api/accounts/:id', {
    handle: async ({ tx, params, body, ifMatch, user, now }) => {
      const account = await changeAccount(tx, params.id, body, ifMatch, dayIn(now, user.timezone));
      return ok(account, { etag: account.version });
    },
  });
};

const sharingRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios/:id/access', {
    handle: async ({ tx, params }) => ok(await readAccess(tx, params.id)),
  });

  api.route('POST /api/portfolios/:id/invitations', {
    handle: async ({ tx, params, body, user }) => created(await invite(tx, params.id, user.id, body)),
  });

  api.route('PATCH /api/portfolios/:id/access/:userId', {
    handle: async ({ tx, params, body }) => ok(await changeRole(tx, params.id, params.userId, body.role)),
  });

  api.route('DELETE /api/portfolios/:id/access/:userId', {
    handle: async ({ tx, params, user }) => {
      await removePerson(tx, params.id, params.userId, user.id);
      return noContent();
    },
  });

  api.route('GET /api/invitations', {
    handle: async ({ tx, query }) => ok(await listInvitations(tx, query)),
  });

  api.route('POST /api/invitations/:id/accept', {
    handle: async ({ tx, params }) => {
      const portfolio = await acceptInvitation(tx, params.id);
      return ok(portfolio, { etag: portfolio.version });
    },
  });

  api.route('DELETE /api/invitations/:id', {
    handle: async ({ tx, params }) => {
      await endInvitation(tx, params.id);
      return noContent();
    },
  });
};
