export const MarketsPage = () => null;
