/** Health, readiness and status of the install. */
export { operationsRoutes } from './routes.ts';
export type { CacheReport, Check, OperationsDeps } from './service.ts';
