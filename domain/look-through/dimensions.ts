import type { Attributes } from './graph.ts';
import { regionOf, type Sector } from './terms/index.ts';

/** What is not known, and what no row accounts for. */
export const UNCLASSIFIED = 'Unclassified';

/** The ways in which everything that is held is divided up; each has one canonical English word for each part. */
export const DIMENSIONS = ['region', 'sector', 'industry', 'country', 'currency', 'assetClass'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** The sector of what has no business, and so no industry either. */
const NO_BUSINESS: Sector = 'Cash and derivatives';

/** The word under which something counts on a dimension. A region is its country's; money has no industry of its own. */
export const wordOn = (one: Attributes, dimension: Dimension): string => {
  if (dimension === 'region') return regionOf(one.country ?? UNCLASSIFIED);
  if (dimension === 'industry' && one.sector === NO_BUSINESS) return NO_BUSINESS;
  return one[dimension] ?? UNCLASSIFIED;
};
