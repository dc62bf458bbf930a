import { identityRoutes } from './identity.ts'
import { operationsRoutes } from './operations.ts'

export { defineRoutes, type RouteAuth, type RouteContract, type RouteKey, type RouteTable } from './route.ts'

/** Every route of the product, by `METHOD /path`. */
export const routes = {
  ...identityRoutes,
  ...operationsRoutes,
}

/** The API as a type: the web client imports only this, so that no schema reaches the browser. */
export type Api = typeof routes
