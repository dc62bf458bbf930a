export { portfolioRoutes } from './routes.ts';
export {
  allPortfolios,
  changePortfolio,
  copyShell,
  createPortfolio,
  lockedPortfolio,
  readEditablePortfolio,
  readPortfolio,
} from './service.ts';
export { enterPortfolio, lockPortfolio, markPortfolioDeleted, wrappersOf } from './queries.ts';
