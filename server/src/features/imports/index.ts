export { recordStatementJob } from './jobs.ts';
export { importRoutes } from './routes.ts';
