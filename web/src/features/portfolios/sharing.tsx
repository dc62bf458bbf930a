import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { deleteLater, useHidden } from '../../lib/deferred.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { FieldRow, Form, SelectField, TextField } from '../../ui/form.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useErrorWords } from '../../ui/use-act.ts';
import classes from '../identity/settings.module.css';
import { accessQuery, type Person, type SentInvitation } from './household-queries.ts';
import type { Portfolio } from './queries.ts';

type Role = Person['role'];

const useRoles = (): { value: Role; label: string }[] => {
  const { t } = useLingui();
  return [
    { value: 'view', label: t`May look` },
    { value: 'edit', label: t`May edit` },
  ];
};

const PersonLine = ({ portfolio, person }: { portfolio: Portfolio; person: Person }) => {
  const { t } = useLingui();
  const format = useFormat();
  const client = useQueryClient();
  const roles = useRoles();
  const refused = useErrorWords();
  const [busy, setBusy] = useState(false);
  const name = person.name ?? person.email;
  const at = { params: { id: portfolio.id, userId: person.userId } };
  const again = () => client.invalidateQueries({ queryKey: accessQuery(portfolio.id).queryKey });
  const change = async (role: string): Promise<void> => {
    setBusy(true);
    try {
      await api('PATCH /api/portfolios/:id/access/:userId', { ...at, body: { role: role as Role } });
      await again();
      toast(t`Saved.`);
    } catch (error) {
      toast(refused(error), { tone: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  const revoke = async (): Promise<void> => {
    setBusy(true);
    try {
      await api('DELETE /api/portfolios/:id/access/:userId', at);
      await again();
      toast(t`${name} no longer sees ${portfolio.name}. Invite them again to undo it.`);
    } catch (error) {
      toast(refused(error), { tone: 'bad' });
      setBusy(false);
    }
  };
  return (
    <li className={classes['item']}>
      <div className={classes['what']}>
        <strong>{name}</strong>
        <p className={classes['quiet']}>
          <Trans>
            {person.email}, since {format.day(person.since.slice(0, 10))}
          </Trans>
        </p>
      </div>
      <NativeSelect
        size="xs"
        aria-label={t`What ${name} may do`}
        data={roles}
        value={person.role}
        disabled={busy}
        onChange={(event) => void change(event.currentTarget.value)}
      />
      <Button
        size="xs"
        variant="default"
        disabled={busy}
        aria-label={t`Revoke ${name}`}
        onClick={() => void revoke()}
      >
        <Trans>Revoke</Trans>
      </Button>
    </li>
  );
};

const PendingLine = ({ portfolio, invitation }: { portfolio: Portfolio; invitation: SentInvitation }) => {
  const { t } = useLingui();
  const format = useFormat();
  const client = useQueryClient();
  const refused = useErrorWords();
  const { email } = invitation;
  const withdraw = (): void =>
    deleteLater({
      id: invitation.id,
      message: t`The invitation to ${email} is withdrawn.`,
      refused,
      act: () => api('DELETE /api/invitations/:id', { params: { id: invitation.id } }),
      after: () => client.invalidateQueries({ queryKey: accessQuery(portfolio.id).queryKey }),
    });
  return (
    <li className={classes['item']}>
      <div className={classes['what']}>
        <strong>{email}</strong>{' '}
        <Tag>
          <Trans>asked</Trans>
        </Tag>
        <p className={classes['quiet']}>
          {invitation.role === 'view' ? <Trans>To look at it.</Trans> : <Trans>To edit it.</Trans>}{' '}
          <Trans>Open until {format.day(invitation.expiresAt.slice(0, 10))}.</Trans>
        </p>
      </div>
      <Button size="xs" variant="default" aria-label={t`Withdraw ${email}`} onClick={withdraw}>
        <Trans>Withdraw</Trans>
      </Button>
    </li>
  );
};

type InviteProps = { readonly portfolio: Portfolio; readonly onDone: () => void };

const InviteForm = ({ portfolio, onDone }: InviteProps) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const roles = useRoles();
  return (
    <Form
      onCancel={onDone}
      initial={{ email: '', role: 'view' }}
      action={<Trans>Invite</Trans>}
      check={(values) => (/^\S+@\S+$/u.test(values.email.trim()) ? {} : { email: t`An e-mail address.` })}
      submit={async ({ values, idempotencyKey }) => {
        await api('POST /api/portfolios/:id/invitations', {
          params: { id: portfolio.id },
          idempotencyKey,
          body: { email: values.email.trim(), role: values.role as Role },
        });
        await client.invalidateQueries({ queryKey: accessQuery(portfolio.id).queryKey });
        onDone();
        toast(t`Asked. Whoever signs in here with that address can accept.`);
      }}
    >
      <FieldRow>
        <TextField
          name="email"
          type="email"
          label={<Trans>E-mail</Trans>}
          required
          autoFocus
          autoComplete="off"
        />
        <SelectField name="role" label={<Trans>May do</Trans>} options={roles} />
      </FieldRow>
    </Form>
  );
};

/** Who sees one portfolio of one's own, who was asked, and asking somebody. */
export const Sharing = ({ portfolio }: { portfolio: Portfolio }) => {
  const { t } = useLingui();
  const query = useQuery(accessQuery(portfolio.id));
  const hidden = useHidden();
  const [asking, setAsking] = useState(false);
  const { name } = portfolio;
  return (
    <Section
      title={name}
      actions={
        !asking && (
          <Button size="xs" variant="default" aria-label={t`Share ${name}`} onClick={() => setAsking(true)}>
            <Trans>Share</Trans>
          </Button>
        )
      }
    >
      <Loaded query={query} lines={2}>
        {({ people, invitations }) => (
          <>
            {people.length + invitations.length === 0 && (
              <p className={classes['quiet']}>
                <Trans>Nobody but you sees it.</Trans>
              </p>
            )}
            <ul className={classes['list']} hidden={people.length + invitations.length === 0}>
              {people.map((one) => (
                <PersonLine key={one.userId} portfolio={portfolio} person={one} />
              ))}
              {invitations
                .filter((one) => !hidden.has(one.id))
                .map((one) => (
                  <PendingLine key={one.id} portfolio={portfolio} invitation={one} />
                ))}
            </ul>
            {asking && <InviteForm portfolio={portfolio} onDone={() => setAsking(false)} />}
          </>
        )}
      </Loaded>
    </Section>
  );
};
