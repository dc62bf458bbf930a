export { portfolioRoutes } from './routes.ts';
export { createPortfolio, readEditablePortfolio, readPortfolio } from './service.ts';
export { enterPortfolio } from './queries.ts';
