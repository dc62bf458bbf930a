export const PortfolioSettingsPage = () => null
