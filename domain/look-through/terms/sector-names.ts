/** The eleven sectors of the Global Industry Classification Standard, and the two that look-through adds. */
export const SECTORS = [
  'Energy',
  'Materials',
  'Industrials',
  'Consumer Discretionary',
  'Consumer Staples',
  'Health Care',
  'Financials',
  'Information Technology',
  'Communication Services',
  'Utilities',
  'Real Estate',
  'Cash and derivatives',
  'Unclassified',
] as const;
export type Sector = (typeof SECTORS)[number];
