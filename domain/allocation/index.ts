export {
  allocate,
  percentOf,
  sumOf,
  type AllocatedHolding,
  type Allocation,
  type AllocationRow,
  type Plan,
} from './allocation.ts';
export { followBudgets, followModel, type Followed, type Follower, type ModelWeight } from './follow.ts';
export { rebalance, type Rebalance, type RebalanceRequest } from './rebalance.ts';
export {
  draftLines,
  FRACTION_PLACES,
  settleWorksheet,
  type AccountSettlement,
  type Settlement,
  type Tradable,
  type WorksheetLine,
} from './worksheet.ts';
