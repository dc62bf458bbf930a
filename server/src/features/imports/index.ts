export { importRoutes } from './routes.ts';
export { createRun, failRun, finishRun, reportProgress, takeRun, type TakenRun } from './runs.ts';
