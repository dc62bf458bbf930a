export { keepSnapshotsJob, refreshSummariesJob } from './jobs.ts';
export { valueAll, type ValuedPortfolio } from './household.ts';
export { momentOf, valueHoldings, valuePortfolio, type Moment, type ValuedRow } from './positions.ts';
export { valuationRoutes } from './routes.ts';
export { missingAnswer } from './summary.ts';
export { historyPortfolio } from './performance.ts';
export { yearlyValues, type YearlyValues } from './yearly-values.ts';
export { waitingHistories } from './snapshots.ts';
