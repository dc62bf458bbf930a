export const MarketsPage = () => null
