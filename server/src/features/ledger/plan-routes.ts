/** Routes of recurring plans. Contents: plans (list · make · read · change · delete) · proposals (list · confirm · skip · reopen) */
import { dayIn } from '@pm/domain/calendar';

import type { ApiRouter } from '#platform/http/index.ts';
import { created, noContent, ok } from '#platform/http/index.ts';

import { changePlan, createPlan, deletePlan, listPlans, readPlan } from './plans.ts';
import { confirmProposal, listProposals, reopenProposal, skipProposal } from './proposals.ts';
import type { Beholder } from './proposals.ts';

const beholderOf = (now: Temporal.Instant, { timezone }: { readonly timezone: string }): Beholder => ({
  now,
  timezone,
  today: dayIn(now, timezone),
});

/** Registers the routes of recurring plans and of what they propose. */
export const planRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios/:id/plans', {
    handle: async ({ tx, params, query }) => ok(await listPlans(tx, params.id, query)),
  });

  api.route('POST /api/portfolios/:id/plans', {
    handle: async ({ tx, params, body, user, now }) => {
      const plan = await createPlan(tx, params.id, body, dayIn(now, user.timezone));
      return created(plan, { etag: plan.version });
    },
  });

  api.route('GET /api/plans/:id', {
    handle: async ({ tx, params }) => {
      const plan = await readPlan(tx, params.id);
      return ok(plan, { etag: plan.version });
    },
  });

  api.route('PATCH /api/plans/:id', {
    handle: async ({ tx, params, body, ifMatch, user, now }) => {
      const plan = await changePlan(tx, params.id, body, ifMatch, dayIn(now, user.timezone));
      return ok(plan, { etag: plan.version });
    },
  });

  api.route('DELETE /api/plans/:id', {
    handle: async ({ tx, params, ifMatch }) => {
      await deletePlan(tx, params.id, ifMatch);
      return noContent();
    },
  });

  api.route('GET /api/portfolios/:id/proposals', {
    handle: async ({ tx, params, query, user, now }) =>
      ok(await listProposals(tx, params.id, query, beholderOf(now, user))),
  });

  api.route('POST /api/proposals/:id/confirm', {
    handle: async ({ tx, params, body, user, now }) =>
      ok(await confirmProposal(tx, params.id, body, beholderOf(now, user))),
  });

  api.route('POST /api/proposals/:id/skip', {
    handle: async ({ tx, params, user, now }) => ok(await skipProposal(tx, params.id, beholderOf(now, user))),
  });

  api.route('POST /api/proposals/:id/reopen', {
    handle: async ({ tx, params, user, now }) =>
      ok(await reopenProposal(tx, params.id, beholderOf(now, user))),
  });
};
