export const HoldingPage = () => null
