import type { Attributes } from './graph.ts';
import { regionOf } from './terms/index.ts';

/** What is not known, and what no row accounts for. */
export const UNCLASSIFIED = 'Unclassified';

/** The ways in which everything that is held is divided up; each has one canonical English word for each part. */
export const DIMENSIONS = ['region', 'sector', 'country', 'currency', 'assetClass'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** The word under which something counts on a dimension. A region is its country's. */
export const wordOn = (one: Attributes, dimension: Dimension): string =>
  dimension === 'region' ? regionOf(one.country ?? UNCLASSIFIED) : (one[dimension] ?? UNCLASSIFIED);
