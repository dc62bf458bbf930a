export const HoldingsPage = () => null
