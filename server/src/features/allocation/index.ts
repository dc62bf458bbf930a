export { allocationRoutes } from './routes.ts';
