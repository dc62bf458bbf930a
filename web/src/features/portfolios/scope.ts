import { useQuery } from '@tanstack/react-query';
import { useRouterState } from '@tanstack/react-router';
import { portfoliosQuery, type Portfolio } from './queries.ts';

/** The portfolio that the page is about; null = all of them. */
export type PortfolioScope = {
  readonly portfolios: readonly Portfolio[] | undefined;
  readonly portfolio: Portfolio | null;
  readonly error: unknown;
  readonly retry: () => void;
};

const NONE: readonly Portfolio[] = [];

/** Reads the chosen portfolio from the address. With one portfolio only, that one is meant without saying so. */
export const usePortfolioScope = (): PortfolioScope => {
  const query = useQuery(portfoliosQuery);
  const chosen = useRouterState({
    select: (state) => (state.location.search as { portfolio?: string }).portfolio,
  });
  const portfolios = query.data;
  const known = portfolios ?? NONE;
  const portfolio =
    known.find((one) => one.id === chosen) ?? (known.length === 1 ? (known[0] ?? null) : null);
  return {
    portfolios,
    portfolio,
    error: portfolios === undefined ? query.error : null,
    retry: () => void query.refetch(),
  };
};
