/** Routes of identity: questions about rows, and merges of instruments. */
import { created, ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';

import { listMerges, mergeInstruments, previewMerge, undoMerge } from './merges.ts';
import { decideReview, listReviews, readReview, reopenReview } from './reviews.ts';

const reviewRoutes = (api: ApiRouter): void => {
  api.route('GET /api/identity-reviews', {
    handle: async ({ tx, user, query }) => ok(await listReviews(tx, user, query)),
  });

  api.route('GET /api/identity-reviews/:id', {
    handle: async ({ tx, user, params }) => {
      const review = await readReview(tx, user, params.id);
      return ok(review, { etag: review.version });
    },
  });

  api.route('POST /api/identity-reviews/:id/decision', {
    handle: async ({ tx, user, params, body, ifMatch }) => {
      const review = await decideReview(tx, user, params.id, body, ifMatch);
      return ok(review, { etag: review.version });
    },
  });

  api.route('DELETE /api/identity-reviews/:id/decision', {
    handle: async ({ tx, user, params, ifMatch }) => {
      const review = await reopenReview(tx, user, params.id, ifMatch);
      return ok(review, { etag: review.version });
    },
  });
};

const mergeRoutes = (api: ApiRouter): void => {
  api.route('GET /api/instruments/:id/merge', {
    handle: async ({ tx, user, params, query }) => ok(await previewMerge(tx, user, params.id, query)),
  });

  api.route('POST /api/instruments/:id/merge', {
    handle: async ({ tx, user, params, body, ifMatch }) => {
      const merge = await mergeInstruments(tx, user, params.id, body, ifMatch);
      return created(merge, { etag: merge.version });
    },
  });

  api.route('GET /api/identity-merges', {
    handle: async ({ tx, user, query }) => ok(await listMerges(tx, user, query)),
  });

  api.route('POST /api/identity-merges/:id/undo', {
    handle: async ({ tx, user, params, ifMatch }) => {
      const merge = await undoMerge(tx, user, params.id, ifMatch);
      return ok(merge, { etag: merge.version });
    },
  });
};

/** Registers the routes of identity. */
export const identityRoutes = (api: ApiRouter): void => {
  reviewRoutes(api);
  mergeRoutes(api);
};
