/** Shares of what is held that a set of funds is asked to cover, in per cent. */
export const COVER_TARGETS = ['50', '75', '80', '90', '95', '99', '100'] as const;
