export { holdingAnswer, ledgerTrade } from './answers.ts';
export { addHolding, readHoldingRow } from './holdings.ts';
export { listHoldings, tradesUntil, type HoldingRow, type TradeRow } from './queries.ts';
export { ledgerRoutes } from './routes.ts';
export { amountIn } from './trade-input.ts';
export { recordTrade } from './trades.ts';
