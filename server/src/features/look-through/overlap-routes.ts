/** Routes of overlap and of comparing. Contents: two portfolios · portfolio · list · shared companies · candidate · cover */
import { ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';

import { candidateAnswer } from './candidate.ts';
import { comparePortfolios } from './compare.ts';
import { costsOf } from './costs.ts';
import { coverAnswer } from './cover.ts';
import { momentAsked } from './moment-asked.ts';
import { householdOverlap, overlapOfList, portfolioOverlap } from './overlap.ts';
import { sharedAnswer } from './shared.ts';

/** Registers the routes that compare funds. */
export const overlapRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios/:id/diff', {
    keep: { as: 'overlap', of: ({ params }) => params.id },
    handle: async (context) => {
      const { tx, params, query } = context;
      return ok(await comparePortfolios(tx, params.id, query.against, momentAsked(context)));
    },
  });

  api.route('GET /api/portfolios/:id/costs', {
    keep: true,
    handle: async ({ tx, params, user, now }) =>
      ok(await costsOf(tx, params.id, { now, timezone: user.timezone })),
  });

  api.route('GET /api/portfolios/:id/overlap', {
    keep: { as: 'overlap', of: ({ params }) => params.id },
    handle: async (context) =>
      ok(await portfolioOverlap(context.tx, context.params.id, momentAsked(context), context.query.names)),
  });

  api.route('GET /api/overlap', {
    keep: { as: 'overlap', of: ({ query }) => (query.instruments === undefined ? 'all' : 'instruments') },
    handle: async (context) => {
      const { tx, query } = context;
      const moment = momentAsked(context);
      return ok(
        query.instruments === undefined
          ? await householdOverlap(tx, moment, query.names)
          : await overlapOfList(tx, query.instruments, moment, query.names),
      );
    },
  });

  api.route('GET /api/overlap/shared', {
    handle: async (context) => ok(await sharedAnswer(context.tx, context.query, momentAsked(context))),
  });

  api.route('GET /api/portfolios/:id/overlap/candidate', {
    handle: async (context) => {
      const { tx, params, query } = context;
      return ok(await candidateAnswer(tx, params.id, query, momentAsked(context)));
    },
  });

  api.route('GET /api/portfolios/:id/overlap/cover', {
    handle: async (context) => {
      const { tx, params, query } = context;
      return ok(await coverAnswer(tx, params.id, query, momentAsked(context)));
    },
  });
};
