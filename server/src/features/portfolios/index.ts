export { changeAccount } from './accounts.ts';
export { removePerson } from './sharing.ts';
export { portfolioRoutes } from './routes.ts';
export {
  allPortfolios,
  changePortfolio,
  copyShell,
  createPortfolio,
  currencyOfPortfolio,
  lockedPortfolio,
  readEditablePortfolio,
  readPortfolio,
  type Restate,
} from './service.ts';
export { enterPortfolio, lockPortfolio, markPortfolioDeleted, wrappersOf } from './queries.ts';
