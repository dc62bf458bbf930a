import { allocationRoutes } from './allocation.ts';
import { demoRoutes } from './demo.ts';
import { identityRoutes } from './identity.ts';
import { importRoutes } from './imports.ts';
import { instrumentRoutes } from './instruments.ts';
import { ledgerRoutes } from './ledger.ts';
import { lookThroughRoutes } from './look-through.ts';
import { marketDataRoutes } from './market-data.ts';
import { operationsRoutes } from './operations.ts';
import { portfolioRoutes } from './portfolios.ts';
import { privacyRoutes } from './privacy.ts';
import { valuationRoutes } from './valuation.ts';

/** For clients that read the schemas as types and carry no schema library. */
export type { Static, TSchema } from 'typebox';
export { defineRoutes, type RouteAuth, type RouteContract, type RouteKey, type RouteTable } from './route.ts';

/** Every route of the product, by `METHOD /path`. */
export const routes = {
  ...identityRoutes,
  ...portfolioRoutes,
  ...demoRoutes,
  ...ledgerRoutes,
  ...instrumentRoutes,
  ...marketDataRoutes,
  ...valuationRoutes,
  ...allocationRoutes,
  ...lookThroughRoutes,
  ...importRoutes,
  ...privacyRoutes,
  ...operationsRoutes,
};

/** The API as a type: the web client imports only this, so that no schema reaches the browser. */
export type Api = typeof routes;
