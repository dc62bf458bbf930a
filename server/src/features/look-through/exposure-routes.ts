/** Routes of exposure. Contents: whole exposures · companies · their table · one company, each of an instrument, holding, portfolio, all portfolios */
import { ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';

import { companiesAnswer, companiesTable } from './companies.ts';
import { exposureAnswer, exposureRequest } from './exposure.ts';
import { householdSubject } from './household.ts';
import { momentAsked } from './moment-asked.ts';
import { holdingSubject, instrumentSubject, portfolioSubject } from './subjects.ts';
import { companyAnswer } from './trail.ts';

/** A table to be saved, not shown. */
const asTable = (text: string) =>
  ok(Buffer.from(text), {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="companies.csv"',
    },
  });

const instrumentRoutes = (api: ApiRouter): void => {
  api.route('GET /api/instruments/:id/exposure', {
    keep: { as: 'exposure', of: ({ params }) => params.id },
    handle: async (context) => {
      const moment = momentAsked(context);
      const request = exposureRequest(context.query, moment);
      const subject = await instrumentSubject(context.tx, context.params.id, moment);
      return ok(await exposureAnswer(context.tx, subject, request));
    },
  });

  api.route('GET /api/instruments/:id/exposure/companies', {
    handle: async (context) => {
      const moment = momentAsked(context);
      const subject = await instrumentSubject(context.tx, context.params.id, moment);
      return ok(await companiesAnswer(context.tx, subject, context.query, moment));
    },
  });

  api.route('GET /api/instruments/:id/exposure/companies.csv', {
    handle: async (context) => {
      const moment = momentAsked(context);
      const subject = await instrumentSubject(context.tx, context.params.id, moment);
      return asTable(await companiesTable(context.tx, subject, context.query));
    },
  });

  api.route('GET /api/instruments/:id/exposure/companies/:instrumentId', {
    handle: async (context) => {
      const { tx, params, query } = context;
      const moment = momentAsked(context);
      const subject = await instrumentSubject(tx, params.id, moment);
      return ok(await companyAnswer(tx, subject, params.instrumentId, query, moment));
    },
  });
};

const holdingRoutes = (api: ApiRouter): void => {
  api.route('GET /api/holdings/:id/exposure', {
    keep: { as: 'exposure', of: ({ params }) => params.id },
    handle: async (context) => {
      const moment = momentAsked(context);
      const request = exposureRequest(context.query, moment);
      const subject = await holdingSubject(context.tx, context.params.id, moment);
      return ok(await exposureAnswer(context.tx, subject, request));
    },
  });

  api.route('GET /api/holdings/:id/exposure/companies', {
    handle: async (context) => {
      const moment = momentAsked(context);
      const subject = await holdingSubject(context.tx, context.params.id, moment);
      return ok(await companiesAnswer(context.tx, subject, context.query, moment));
    },
  });

  api.route('GET /api/holdings/:id/exposure/companies.csv', {
    handle: async (context) => {
      const moment = momentAsked(context);
      const subject = await holdingSubject(context.tx, context.params.id, moment);
      return asTable(await companiesTable(context.tx, subject, context.query));
    },
  });

  api.route('GET /api/holdings/:id/exposure/companies/:instrumentId', {
    handle: async (context) => {
      const { tx, params, query } = context;
      const moment = momentAsked(context);
      const subject = await holdingSubject(tx, params.id, moment);
      return ok(await companyAnswer(tx, subject, params.instrumentId, query, moment));
    },
  });
};

const portfolioRoutes = (api: ApiRouter): void => {
  api.route('GET /api/portfolios/:id/exposure', {
    keep: { as: 'exposure', of: ({ params }) => params.id },
    handle: async (context) => {
      const moment = momentAsked(context);
      const request = exposureRequest(context.query, moment);
      const subject = await portfolioSubject(context.tx, context.params.id, moment);
      return ok(await exposureAnswer(context.tx, subject, request));
    },
  });

  api.route('GET /api/portfolios/:id/exposure/companies', {
    handle: async (context) => {
      const moment = momentAsked(context);
      const subject = await portfolioSubject(context.tx, context.params.id, moment);
      return ok(await companiesAnswer(context.tx, subject, context.query, moment));
    },
  });

  api.route('GET /api/portfolios/:id/exposure/companies.csv', {
    handle: async (context) => {
      const moment = momentAsked(context);
      const subject = await portfolioSubject(context.tx, context.params.id, moment);
      return asTable(await companiesTable(context.tx, subject, context.query));
    },
  });

  api.route('GET /api/portfolios/:id/exposure/companies/:instrumentId', {
    handle: async (context) => {
      const { tx, params, query } = context;
      const moment = momentAsked(context);
      const subject = await portfolioSubject(tx, params.id, moment);
      return ok(await companyAnswer(tx, subject, params.instrumentId, query, moment));
    },
  });
};

const householdRoutes = (api: ApiRouter): void => {
  api.route('GET /api/exposure', {
    keep: true,
    handle: async (context) => {
      const { tx, user, query } = context;
      const moment = momentAsked(context);
      const request = exposureRequest(query, moment);
      const subject = await householdSubject(tx, user.id, query.currency, moment);
      return ok(await exposureAnswer(tx, subject, request));
    },
  });

  api.route('GET /api/exposure/companies', {
    handle: async (context) => {
      const moment = momentAsked(context);
      const subject = await householdSubject(context.tx, context.user.id, undefined, moment);
      return ok(await companiesAnswer(context.tx, subject, context.query, moment));
    },
  });

  api.route('GET /api/exposure/companies.csv', {
    handle: async (context) => {
      const moment = momentAsked(context);
      const subject = await householdSubject(context.tx, context.user.id, undefined, moment);
      return asTable(await companiesTable(context.tx, subject, context.query));
    },
  });

  api.route('GET /api/exposure/companies/:id', {
    handle: async (context) => {
      const { tx, user, params, query } = context;
      const moment = momentAsked(context);
      const subject = await householdSubject(tx, user.id, undefined, moment);
      return ok(await companyAnswer(tx, subject, params.id, query, moment));
    },
  });
};

/** Registers the routes that show what things really hold. */
export const exposureRoutes = (api: ApiRouter): void => {
  instrumentRoutes(api);
  holdingRoutes(api);
  portfolioRoutes(api);
  householdRoutes(api);
};
