import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { meQuery } from '../../lib/session.ts';
import { Loaded, PageHeader, Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { SettingsTabs } from '../identity/settings-tabs.tsx';
import classes from '../identity/settings.module.css';
import { invitationsQuery, type ReceivedInvitation } from './household-queries.ts';
import { portfoliosQuery, type Portfolio } from './queries.ts';
import { SharedTag } from './shared-tag.tsx';
import { Sharing } from './sharing.tsx';

/** Does one thing at a time and says what came of it; everything that a portfolio shows is read anew afterwards. */
const useAct = () => {
  const { t } = useLingui();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const act = async (message: string, run: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    try {
      await run();
      await client.invalidateQueries();
      toast(message);
    } catch (error) {
      toast(error instanceof Error ? error.message : t`That did not work.`, { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  return { busy, act };
};

const InvitationLine = ({ invitation }: { invitation: ReceivedInvitation }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { busy, act } = useAct();
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
  const { busy, act } = useAct();
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
