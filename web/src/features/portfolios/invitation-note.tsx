import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Note } from '../../ui/page.tsx';
import { invitationsQuery } from './household-queries.ts';

/** That somebody has asked to share a portfolio, with the way to answer. */
export const InvitationNote = () => {
  const { data } = useQuery(invitationsQuery);
  const [first] = data ?? [];
  if (first === undefined) return null;
  const name = first.owner.name ?? first.owner.email;
  return (
    <Note title={<Trans>An invitation waits for you</Trans>}>
      <p>
        <Trans>
          {name} asks you to share “{first.portfolioName}”.{' '}
          <Link to="/settings/household">Answer under Household</Link>.
        </Trans>
      </p>
    </Note>
  );
};
