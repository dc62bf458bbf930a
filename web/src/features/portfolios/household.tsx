import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQuery, type QueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { meQuery } from '../../lib/session.ts';
import { Loaded, PageHeader, Section } from '../../ui/page.tsx';
import { useAct } from '../../ui/use-act.ts';
import { SettingsTabs } from '../identity/settings-tabs.tsx';
import classes from '../identity/settings.module.css';
import { invitationsQuery, type ReceivedInvitation } from './household-queries.ts';
import { portfoliosQuery, type Portfolio } from './queries.ts';
import { SharedTag } from './shared-tag.tsx';
import { Sharing } from './sharing.tsx';

/** Everything that a portfolio shows is read anew afterwards. */
const readAnew = async (client: QueryClient): Promise<void> => client.invalidateQueries();

const InvitationLine = ({ invitation }: { invitation: ReceivedInvitation }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { busy, act } = useAct(readAnew);
  const { portfolioName: name } = invitation;
  const owner = invitation.owner.name ?? invitation.owner.email;
  const at = { params: { id: invitation.id } };
  return (
    <li className={classes['item']}>
      <div className={classes['what']}>
        <strong>{name}</strong>
        <p className={classes['quiet']}>
          {invitation.role === 'view' ? (
            <Trans>
              {owner} ({invitation.owner.email}) asks you to look at it.
            </Trans>
          ) : (
            <Trans>
              {owner} ({invitation.owner.email}) asks you to look at it and to write in it.
            </Trans>
          )}{' '}
          <Trans>Open until {format.day(invitation.expiresAt.slice(0, 10))}.</Trans>
        </p>
      </div>
      <div className={classes['acts']}>
        <Button
          size="xs"
          loading={busy}
          onClick={() => void act(t`${name} is here now.`, () => api('POST /api/invitations/:id/accept', at))}
        >
          <Trans>Accept</Trans>
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={busy}
          onClick={() => void act(t`Turned down.`, () => api('DELETE /api/invitations/:id', at))}
        >
          <Trans>Turn down</Trans>
        </Button>
      </div>
    </li>
  );
};

const SharedLine = ({ portfolio, me }: { portfolio: Portfolio; me: string }) => {
  const { t } = useLingui();
  const { busy, act } = useAct(readAnew);
  const { name } = portfolio;
  return (
    <li className={classes['item']}>
      <div className={classes['what']}>
        <Link to="/" search={{ portfolio: portfolio.id }}>
          {name}
        </Link>{' '}
        <SharedTag of={portfolio} />
      </div>
      <Button
        size="xs"
        variant="default"
        loading={busy}
        aria-label={t`Leave ${name}`}
        onClick={() =>
          void act(t`You have left ${name}. Its owner can ask you again.`, () =>
            api('DELETE /api/portfolios/:id/access/:userId', { params: { id: portfolio.id, userId: me } }),
          )
        }
      >
        <Trans>Leave</Trans>
      </Button>
    </li>
  );
};

const Guest = ({
  invitations,
  shared,
}: {
  invitations: readonly ReceivedInvitation[];
  shared: readonly Portfolio[];
}) => {
  const { data: me } = useQuery(meQuery);
  return (
    <>
      {invitations.length > 0 && (
        <Section quiet title={<Trans>Invitations to you</Trans>}>
          <ul className={classes['list']}>
            {invitations.map((one) => (
              <InvitationLine key={one.id} invitation={one} />
            ))}
          </ul>
        </Section>
      )}
      {shared.length > 0 && (
        <Section title={<Trans>Shared with you</Trans>}>
          <ul className={classes['list']}>
            {shared.map((one) => (
              <SharedLine key={one.id} portfolio={one} me={me?.id ?? ''} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
};

/** Who looks at whose portfolios. */
export const HouseholdPage = () => {
  const portfolios = useQuery(portfoliosQuery);
  const invitations = useQuery(invitationsQuery);
  return (
    <>
      <PageHeader
        title={<Trans>Household</Trans>}
        lead={<Trans>Share a portfolio with somebody else on this install, to look at or to edit.</Trans>}
      />
      <SettingsTabs />
      <div className={classes['narrow']}>
        <Loaded query={portfolios}>
          {(all) => {
            const own = all.filter((one) => one.access === 'owner');
            return (
              <>
                <Guest
                  invitations={invitations.data ?? []}
                  shared={all.filter((one) => one.access !== 'owner')}
                />
                {own.map((one) => (
                  <Sharing key={one.id} portfolio={one} />
                ))}
                {own.length === 0 && (
                  <p className={classes['quiet']}>
                    <Trans>You have no portfolio of your own to share yet.</Trans>
                  </p>
                )}
              </>
            );
          }}
        </Loaded>
      </div>
    </>
  );
};
