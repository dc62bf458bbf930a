export { momentOf, valueHoldings, valuePortfolio, type Moment, type ValuedRow } from './positions.ts';
export { valuationRoutes } from './routes.ts';
export { summarise } from './summary.ts';
