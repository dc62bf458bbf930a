import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ValueChart } from './performance-charts.tsx';
import { performanceQuery } from './performance-queries.ts';

/** The value of this year so far, with what came and went; nothing where there is no history yet. */
export const OverviewHistory = ({ portfolioId }: { portfolioId: string | null }) => {
  const { data } = useQuery(performanceQuery(portfolioId, { period: 'year' }));
  if (data === undefined || data.contributionCount === 0 || data.days < 2) return null;
  return (
    <ValueChart
      answer={data}
      onDay={undefined}
      more={
        <Link
          to="/performance"
          search={(before) => ({ portfolio: before.portfolio, period: 'year' as const })}
        >
          <Trans>How it did</Trans>
        </Link>
      }
    />
  );
};
