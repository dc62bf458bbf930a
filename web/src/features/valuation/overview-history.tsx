import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Waiting } from '../../ui/page.tsx';
import { ValueChart } from './performance-charts.tsx';
import { performanceQuery } from './performance-queries.ts';

type Props = {
  readonly portfolioId: string | null;
  /** What stands below: only when it is known whether there is a picture above it, so that nothing moves. */
  readonly children: ReactNode;
};

/** The value of this year so far, with what came and went; no picture where there is no history yet. */
export const OverviewHistory = ({ portfolioId, children }: Props) => {
  const { data, isPending, failureCount } = useQuery(performanceQuery(portfolioId, { period: 'year' }));
  if (isPending && failureCount === 0) return <Waiting lines={5} />;
  const hasHistory = data !== undefined && data.contributionCount > 0 && data.days >= 2;
  return (
    <>
      {hasHistory && (
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
      )}
      {children}
    </>
  );
};
