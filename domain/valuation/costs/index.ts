/** What investing costs: charges of funds, and what was lost in changing money. */
export {
  chargeOver,
  exchangeMargin,
  ongoingCharge,
  type ChargeFound,
  type ChargedInstrument,
} from './charges.ts';
