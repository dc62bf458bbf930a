/**
 * Look-through: what funds hold. Reading issuers' files (`formats`), one vocabulary for their words (`terms`), which
 * security a row is (`identity`), and what follows from it: exposure and overlap.
 */
export * from './formats/index.ts';
export * from './identity/index.ts';
export * from './published/index.ts';
export * from './terms/index.ts';
export { Closures, MAX_DEPTH, type Closure } from './closure.ts';
export { Numbering } from './numbering.ts';
export { withOwn } from './columns.ts';
export { marketShares } from './weights.ts';
export { candidateOf, type Candidate, type NewCompany } from './candidate.ts';
export {
  companiesIn,
  pathsTo,
  type CompanyExposure,
  type CompanyFilter,
  type HeldCompany,
} from './companies.ts';
export { concentrationOf, TOP_COUNTS, type Concentration } from './concentration.ts';
export { coverOf, MAX_EXACT_FUNDS, type Cover, type CoveringFund } from './cover.ts';
export { crossOf, CROSSED, NO_COMPANY, OTHER_COMPANIES, type CrossCell, type Crossed } from './cross.ts';
export { DIMENSIONS, UNCLASSIFIED, wordOn, type Dimension } from './dimensions.ts';
export { exposureIn, exposureOf, type Exposure, type ExposureOptions, type Weights } from './exposure.ts';
export { freshnessOf, type Cadence } from './freshness.ts';
export {
  attributeKey,
  fundVersion,
  type Attributes,
  type Basis,
  type FundColumns,
  type FundRow,
  type FundVersion,
  type GraphInstrument,
  type LookThroughGraph,
  type Position,
} from './graph.ts';
export { equityByIssuer, issuersIn, type IssuerExposure, type IssuerOf } from './issuers.ts';
export { heldIn, lookAllThrough, lookThrough, type LookedThrough, type Seen } from './looked-through.ts';
export type { ExposureWarning, FundUsed } from './notes.ts';
export {
  overlapKeys,
  overlapMatrix,
  sharedCompanies,
  type OverlapInstrument,
  type OverlapMatrix,
  type SharedCompany,
  type SharedNames,
} from './overlap.ts';
export type { ExposurePath } from './paths.ts';
export { assignFile, sureAssignment, type Assignment, type FileTraits, type FundTraits } from './assign.ts';
