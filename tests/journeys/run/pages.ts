/** Every page of the product, with the demo household on it where it needs one. */
import type { Household } from './person.ts';

export type MainPage = { readonly name: string; readonly path: string; readonly title: string | RegExp };

export const mainPages = (household: Household): readonly MainPage[] => {
  const { portfolioId, holdingId, instrumentId } = household;
  const of = `portfolio=${portfolioId}`;
  return [
    { name: 'overview', path: `/?${of}`, title: 'Demo household' },
    { name: 'all portfolios', path: '/', title: 'All portfolios' },
    { name: 'holdings', path: `/holdings?${of}`, title: 'Holdings' },
    { name: 'holding', path: `/holdings/${holdingId}?${of}`, title: 'Demo World Shares ETF' },
    { name: 'look-through', path: `/look-through?${of}`, title: 'Look-through' },
    { name: 'look-through by country', path: `/look-through?${of}&by=country`, title: 'Look-through' },
    { name: 'look-through on the map', path: `/look-through?${of}&picture=map`, title: 'Look-through' },
    {
      name: 'look-through in rings',
      path: `/look-through?${of}&by=region&picture=sunburst`,
      title: 'Look-through',
    },
    {
      name: 'look-through inside a country',
      path: `/look-through?${of}&country=Japan`,
      title: 'Look-through',
    },
    { name: 'overlap', path: `/look-through/overlap?${of}`, title: 'Overlap' },
    { name: 'targets', path: `/targets?${of}`, title: 'Targets' },
    { name: 'rebalancing', path: `/targets?${of}&view=rebalance&cash=5000`, title: 'Targets' },
    { name: 'setting targets', path: `/targets?${of}&view=budgets`, title: 'Targets' },
    { name: 'income', path: `/income?${of}`, title: 'Income' },
    { name: 'costs', path: `/performance/costs?${of}`, title: 'Costs' },
    { name: 'income of all', path: '/income', title: 'Income' },
    { name: 'imports', path: `/imports?${of}`, title: 'Import files' },
    { name: 'review', path: `/imports/review?${of}`, title: 'Unsure matches' },
    { name: 'merges', path: `/imports/merges?${of}`, title: 'Merged securities' },
    { name: 'markets', path: `/markets?${of}`, title: 'Markets' },
    { name: 'instrument', path: `/markets/${instrumentId}?${of}`, title: 'Demo World Shares ETF' },
    { name: 'rates', path: `/markets/rates?${of}`, title: 'Exchange rates' },
    { name: 'drafts', path: `/drafts?${of}`, title: 'Drafts and models' },
    {
      name: 'compare',
      path: `/drafts/compare?left=${portfolioId}&right=${household.eurosId}`,
      title: 'Compare',
    },
    { name: 'settings', path: `/settings?${of}`, title: 'Settings' },
    { name: 'access', path: `/settings/access?${of}`, title: 'Sessions and tokens' },
    { name: 'portfolio settings', path: `/settings/portfolio?${of}`, title: 'Portfolio settings' },
    { name: 'activity', path: `/settings/activity?${of}`, title: 'Activity' },
    { name: 'history', path: `/history?${of}`, title: 'As it was recorded' },
    { name: 'delete account', path: `/settings/erasure?${of}`, title: 'Delete account' },
    { name: 'start', path: `/start?${of}`, title: /^Welcome/u },
    { name: 'no page', path: '/no/such/page', title: 'There is no page at this address' },
  ];
};
