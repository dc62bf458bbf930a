import type { Exposure } from './queries.ts';

type Fund = Exposure['funds'][number];

/** Shares smaller than this are shown as nothing. */
const SHOWN_PCT = 0.005;

/** What of the whole is in this fund and cannot be seen through it, in percent of the whole. */
export const darkPct = (fund: Fund): number => {
  const pct = (fund.weightPct * (100 - fund.coveragePct)) / 100;
  return Math.abs(pct) < SHOWN_PCT ? 0 : pct;
};

/** The days of the files that a picture rests on: the oldest and the newest. */
export const fileDays = (
  funds: readonly Fund[],
): { readonly oldest: string; readonly newest: string } | null => {
  const days = funds
    .flatMap((fund) => (fund.lookedThrough && fund.asOf !== null ? [fund.asOf] : []))
    .toSorted();
  const [oldest] = days;
  const newest = days.at(-1);
  return oldest === undefined || newest === undefined ? null : { oldest, newest };
};

/** Where the issuer publishes what a fund holds, when that is an address of the web. */
export const issuerPage = ({ issuerUrl }: Pick<Fund, 'issuerUrl'>): string | null =>
  issuerUrl !== null && /^https?:\/\//iu.test(issuerUrl) ? issuerUrl : null;
