/** Instruments and their lines: what can be held. */
export { instrumentRoutes } from './routes.ts';
export {
  createInstrument,
  describeInstruments,
  listInstruments,
  readInstrument,
  settleConstituentsUpdate,
} from './service.ts';
export { findSecurities, type FoundSecurity, type WantedSecurity } from './find-securities.ts';
export { currencyProblem } from './checks.ts';
export type { Writer } from './service.ts';
export type { InstrumentAnswer, InstrumentFacts } from './answers.ts';
