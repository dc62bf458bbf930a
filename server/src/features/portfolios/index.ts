export { portfolioRoutes } from './routes.ts';
export { createPortfolio, lockedPortfolio, readEditablePortfolio, readPortfolio } from './service.ts';
export { enterPortfolio, lockPortfolio, markPortfolioDeleted } from './queries.ts';
