/**
 * Look-through: what funds hold. Reading issuers' files (`formats`), one vocabulary for their words (`terms`), which
 * security a row is (`identity`), and what follows from it: exposure and overlap.
 */
export * from './formats/index.ts';
export * from './identity/index.ts';
export * from './published/index.ts';
export * from './terms/index.ts';
export { Closures, MAX_DEPTH } from './closure.ts';
export {
  exposureOf,
  type CompanyExposure,
  type Exposure,
  type ExposureOptions,
  type ExposurePath,
  type ExposureWarning,
  type FundUsed,
  type Weights,
} from './exposure.ts';
export {
  fundVersion,
  type Attributes,
  type Basis,
  type FundRow,
  type FundVersion,
  type GraphInstrument,
  type LookThroughGraph,
  type Position,
} from './graph.ts';
export {
  overlapKeys,
  overlapMatrix,
  type OverlapInstrument,
  type OverlapMatrix,
  type SharedCompany,
  type SharedNames,
} from './overlap.ts';
export { assignFile, sureAssignment, type Assignment, type FileTraits, type FundTraits } from './assign.ts';
