import { Plural, Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Note } from '../../ui/page.tsx';
import { proposalsQuery } from './plan-queries.ts';

/** That plans have proposed something, with the way to it. */
export const PlanNote = ({ portfolioId }: { portfolioId: string }) => {
  const { data } = useQuery(proposalsQuery(portfolioId));
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  return (
    <Note>
      <p>
        <Plural value={count} one="A planned purchase waits." other="# planned purchases wait." />{' '}
        <Link to="/holdings/plans" search={{ portfolio: portfolioId }}>
          <Trans>Confirm or skip them</Trans>
        </Link>
      </p>
    </Note>
  );
};
