export { importRoutes } from './routes.ts';
export { createRun, failRun, finishRun, readRun, reportProgress, takeRun, type TakenRun } from './runs.ts';
