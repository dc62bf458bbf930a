export { demoRoutes } from './routes.ts';
export { makeDemo, prepareDemo } from './service.ts';
