export {
  applyTrade,
  averageCost,
  EMPTY_POSITION,
  inReplayOrder,
  replay,
  tradeTotal,
  type LedgerStep,
  type LedgerTrade,
  type Oversold,
  type Position,
} from './projection.ts';
