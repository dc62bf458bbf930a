export { holdingAnswer, ledgerTrade } from './answers.ts';
export { recordInBulk, replayHoldings, takeBackImport } from './bulk.ts';
export { cashCurrency } from './event-place.ts';
export { debtsOfPortfolio, debtsOn, type DebtRow } from './debt-queries.ts';
export { deleteHolding, deletePortfolio, restoreDeletion } from './deletions.ts';
export { deleteTrade } from './events.ts';
export { changePortfolio } from './base-currency.ts';
export { addHolding, changeHolding, readHoldingRow } from './holdings.ts';
export { changePlan, deletePlan } from './plans.ts';
export { proposePlansJob, purgeDeletedJob } from './jobs.ts';
export {
  feeders,
  getHoldings,
  heldIn,
  holdingsOf,
  listHoldings,
  type HeldRow,
  type HoldingRow,
  type NewHolding,
} from './queries.ts';
export { ledgerRoutes } from './routes.ts';
export { amountIn, checkDay, lineOf } from './trade-input.ts';
export {
  BLANK_TRADE,
  firstTradeDay,
  tradesOfHoldings,
  tradesOnDay,
  tradesSince,
  inTransitOn,
  transitsSince,
  ownCurrency,
  splitsBetween,
  tradesUntil,
  type TradeRow,
  type TransitRow,
  type TradeValues,
} from './trade-queries.ts';
export { correctTrade, recordTrade } from './trades.ts';
