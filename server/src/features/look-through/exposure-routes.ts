/** Routes of exposure. Contents: instrument · holding · portfolio */
import { ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';

import { exposureAnswer, exposureRequest } from './exposure.ts';
import { momentAsked } from './moment-asked.ts';
import { holdingSubject, instrumentSubject, portfolioSubject } from './subjects.ts';

/** Registers the routes that show what things really hold. */
export const exposureRoutes = (api: ApiRouter): void => {
  api.route('GET /api/instruments/:id/exposure', {
    handle: async (context) => {
      const request = exposureRequest(context.query, momentAsked(context));
      return ok(
        await exposureAnswer(context.tx, await instrumentSubject(context.tx, context.params.id), request),
      );
    },
  });

  api.route('GET /api/holdings/:id/exposure', {
    handle: async (context) => {
      const request = exposureRequest(context.query, momentAsked(context));
      return ok(
        await exposureAnswer(context.tx, await holdingSubject(context.tx, context.params.id), request),
      );
    },
  });

  api.route('GET /api/portfolios/:id/exposure', {
    handle: async (context) => {
      const moment = momentAsked(context);
      const request = exposureRequest(context.query, moment);
      const subject = await portfolioSubject(context.tx, context.params.id, moment);
      return ok(await exposureAnswer(context.tx, subject, request));
    },
  });
};
