/** Periods by name, in the order in which they are offered; the address knows them before the page is loaded. */
export const INCOME_PERIODS = ['around', 'taxYear', 'lastTaxYear', 'ahead', 'start'] as const;
export type IncomePeriod = (typeof INCOME_PERIODS)[number];
