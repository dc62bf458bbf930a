/** What features and entries use of the HTTP platform. */
export { createHttp } from './http.ts';
export type { Http, HttpParts } from './http.ts';
export type { ApiRouter } from './api.ts';
export { accepted, created, noContent, ok, refused, reply } from './replies.ts';
export type { ReplyCookie } from './replies.ts';
export type {
  AnswerBody,
  ApiKey,
  BodyOf,
  ClientInfo,
  HandleContext,
  ParamsOf,
  Person,
  PrepareContext,
  Principal,
  QueryOf,
  ReplyOf,
  RouteHandler,
} from './route-types.ts';
export { ACCESS_COOKIE, ACCESS_COOKIE_PATH, REFRESH_COOKIE, REFRESH_COOKIE_PATH } from './cookies.ts';
export { createMetrics } from './metrics.ts';
export type { Metrics } from './metrics.ts';
export type { LoadGauge } from './overload.ts';
export type { RateLimits } from './limits.ts';
export { registerDocs } from './docs-page.ts';
export { registerMetricsRoute } from './metrics-route.ts';
export { readWebFiles, registerWebApp } from './web-app.ts';
export type { WebFiles } from './web-app.ts';
