export const PortfolioSettingsPage = () => null;
