export { COST_METHODS, type CostMethod, type Lot } from './cost-method.ts';
export type { Disposal, DisposalMethod, Disposals, Match, MatchRule } from './disposal.ts';
export { DISPOSAL_METHODS } from './disposals.ts';
export { externalFlow, isSettled, type ExternalFlow, type FlowContext } from './flows.ts';
export { addGains, addSplits, gainOn, splitGain, type Gain, type GainSplit, type InBoth } from './gain.ts';
export {
  nextPlannedDay,
  plannedDays,
  splitAmount,
  tradingDay,
  type PlanPart,
  type PlanSchedule,
} from './plan.ts';
export {
  applyTrade,
  averageCost,
  EMPTY_POSITION,
  PORTFOLIO_TERMS,
  replay,
  replayBook,
  type HoldingReplay,
  type LedgerStep,
  type Oversold,
  type Position,
  type Terms,
  type Totals,
} from './projection.ts';
export {
  inReplayOrder,
  isOutlay,
  LEGS,
  moneyAt,
  netInTradeCurrency,
  TRADE_TYPES,
  tradeTotal,
  type LedgerTrade,
  type Leg,
  type TradeMoney,
  type TradeType,
} from './trade.ts';
