import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { api, type Answer } from '../../lib/api.ts';
import { meQuery, type Me } from '../../lib/session.ts';
import { Form, PasswordField, TextField } from '../../ui/form.tsx';
import { Loaded, Note, PageHeader, Section } from '../../ui/page.tsx';
import { SettingsTabs } from '../identity/settings-tabs.tsx';
import classes from '../identity/settings.module.css';

type Preview = Answer<'GET /api/me/erasure'>;

const previewQuery = queryOptions({
  queryKey: ['me', 'erasure'],
  queryFn: ({ signal }) => api('GET /api/me/erasure', { signal }),
});

const Goes = ({ found }: { found: Preview }) => (
  <Section quiet title={<Trans>What goes, for good</Trans>}>
    <ul>
      <li>
        <Trans>Portfolios, drafts and models: {found.portfolios}</Trans>
      </li>
      <li>
        <Trans>
          Holdings: {found.holdings}; trades: {found.trades}; and everything that was recorded of them before
        </Trans>
      </li>
      <li>
        <Trans>
          Private instruments: {found.instruments}; your prices; files of what funds hold: {found.files}
        </Trans>
      </li>
      <li>
        <Trans>Your sign-in, your settings, your tokens, and the record of what you did</Trans>
      </li>
    </ul>
  </Section>
);

const Others = ({ found }: { found: Preview }) => (
  <Section title={<Trans>Who notices</Trans>}>
    <ul>
      {found.shared.map((one, at) => (
        <li key={at}>
          <Trans>
            {one.name} is shared; people who lose it at once: {one.people}
          </Trans>
        </li>
      ))}
      {found.sharedWithMe > 0 && (
        <li>
          <Plural
            value={found.sharedWithMe}
            one="# portfolio of somebody else’s stays theirs, with what you wrote in it, without your name"
            other="# portfolios of others stay theirs, with what you wrote in them, without your name"
          />
        </li>
      )}
      {found.shared.length === 0 && found.sharedWithMe === 0 && (
        <li>
          <Trans>Nobody: you share nothing</Trans>
        </li>
      )}
      {found.lastAdministrator && (
        <li>
          <Trans>Nobody else administers this install: the member who has been here longest will</Trans>
        </li>
      )}
    </ul>
  </Section>
);

const Stays = ({ found }: { found: Preview }) => (
  <Section title={<Trans>What stays</Trans>}>
    <ul>
      <li>
        <Trans>The number of people who have left in this month, without any name</Trans>
      </li>
      <li>
        <Trans>
          What you gave to everybody, such as shared instruments, prices and files, without your name
        </Trans>
      </li>
      <li>
        <Trans>
          Backups of this install, until they expire after {found.backupDays} days. Whoever restores one
          erases you again: a number that cannot be turned back into you is kept for that.
        </Trans>
      </li>
    </ul>
  </Section>
);

const Confirm = ({ me }: { me: Me }) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const navigate = useNavigate();
  return (
    <Section
      title={<Trans>Confirm</Trans>}
      lead={<Trans>There is no undo. Type your e-mail address to show that you mean it.</Trans>}
    >
      <Form
        initial={{ email: '', password: '' }}
        action={<Trans>Delete my account</Trans>}
        check={({ email, password }) => ({
          ...(email.trim().toLowerCase() === me.email.toLowerCase()
            ? {}
            : { email: t`Type ${me.email}, the address that you sign in with.` }),
          ...(password === '' ? { password: t`Type your password.` } : {}),
        })}
        submit={async ({ values }) => {
          await api('DELETE /api/me', { body: { email: values.email.trim(), password: values.password } });
          await navigate({ to: '/sign-in', search: { left: '1' } });
          client.clear();
        }}
      >
        <TextField name="email" label={<Trans>Your e-mail address</Trans>} autoComplete="off" required />
        <PasswordField
          name="password"
          label={<Trans>Your password</Trans>}
          autoComplete="current-password"
          required
        />
      </Form>
    </Section>
  );
};

/** Leaving: what goes, who notices, what stays, and the act itself. */
export const ErasurePage = () => {
  const query = useQuery(previewQuery);
  const me = useQuery(meQuery);
  return (
    <>
      <PageHeader
        title={<Trans>Delete account</Trans>}
        lead={<Trans>You are signed out everywhere at once, and nothing of yours remains here.</Trans>}
      />
      <SettingsTabs />
      <Loaded query={query} lines={6}>
        {(found) => (
          <div className={classes['narrow']}>
            <Goes found={found} />
            <Others found={found} />
            <Stays found={found} />
            {me.data && <Confirm me={me.data} />}
            {me.isError && <Note tone="bad">{me.error.message}</Note>}
          </div>
        )}
      </Loaded>
    </>
  );
};
