import { Trans, useLingui } from '@lingui/react/macro';
import { Button, CopyButton } from '@mantine/core';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { deleteLater, useHidden } from '../../lib/deferred.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { FieldRow, Form, SelectField, TextField } from '../../ui/form.tsx';
import { Loaded, Note, PageHeader, Section } from '../../ui/page.tsx';
import { useErrorWords } from '../../ui/use-act.ts';
import { agentName } from './agent.ts';
import classes from './settings.module.css';
import { SettingsTabs } from './settings-tabs.tsx';

type Session = Answer<'GET /api/me/sessions'>['items'][number];
type Token = Answer<'GET /api/me/tokens'>['items'][number];

const sessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: ({ signal }) => api('GET /api/me/sessions', { query: { limit: 200 }, signal }),
  select: (page) => page.items,
});

const tokensQuery = queryOptions({
  queryKey: ['me', 'tokens'],
  queryFn: ({ signal }) => api('GET /api/me/tokens', { query: { limit: 200 }, signal }),
  select: (page) => page.items,
});

const SessionLine = ({ session }: { session: Session }) => {
  const { t } = useLingui();
  const format = useFormat();
  const client = useQueryClient();
  const refused = useErrorWords();
  const name = session.userAgent === null ? t`A script` : agentName(session.userAgent);
  const end = (): void =>
    deleteLater({
      id: session.id,
      message: t`${name} is signed out.`,
      refused,
      act: () => api('DELETE /api/me/sessions/:id', { params: { id: session.id } }),
      after: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
    });
  return (
    <li className={classes['item']}>
      <div className={classes['what']}>
        <strong>{name}</strong>{' '}
        {session.current && (
          <Tag>
            <Trans>this one</Trans>
          </Tag>
        )}
        <p className={classes['quiet']}>
          <Trans>
            Last used {format.time(session.lastUsedAt)}, signed in{' '}
            {format.day(session.createdAt.slice(0, 10))}
          </Trans>
        </p>
      </div>
      {!session.current && (
        <Button variant="default" size="xs" onClick={end}>
          <Trans>Sign out</Trans>
        </Button>
      )}
    </li>
  );
};

const TokenLine = ({ token }: { token: Token }) => {
  const { t } = useLingui();
  const format = useFormat();
  const client = useQueryClient();
  const refused = useErrorWords();
  const revoke = (): void =>
    deleteLater({
      id: token.id,
      message: t`${token.name} is revoked.`,
      refused,
      act: () => api('DELETE /api/me/tokens/:id', { params: { id: token.id } }),
      after: () => client.invalidateQueries({ queryKey: tokensQuery.queryKey }),
    });
  return (
    <li className={classes['item']}>
      <div className={classes['what']}>
        <strong>{token.name}</strong>
        <p className={classes['quiet']}>
          {token.lastUsedAt === null ? (
            <Trans>Never used.</Trans>
          ) : (
            <Trans>Last used {format.time(token.lastUsedAt)}.</Trans>
          )}{' '}
          {token.expiresAt === null ? (
            <Trans>Does not expire.</Trans>
          ) : (
            <Trans>Expires {format.time(token.expiresAt)}.</Trans>
          )}
        </p>
      </div>
      <Button variant="default" size="xs" onClick={revoke}>
        <Trans>Revoke</Trans>
      </Button>
    </li>
  );
};

const Secret = ({ token }: { token: string }) => (
  <Note title={<Trans>Copy it now: it is shown once</Trans>} live>
    <div className={classes['secret']}>
      <code>{token}</code>
      <CopyButton value={token}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" onClick={copy}>
            {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
          </Button>
        )}
      </CopyButton>
    </div>
  </Note>
);

const NewToken = () => {
  const { t } = useLingui();
  const client = useQueryClient();
  const [made, setMade] = useState<{ id: string; token: string } | null>(null);
  const days = [
    { value: '30', label: t`30 days` },
    { value: '90', label: t`90 days` },
    { value: '365', label: t`A year` },
    { value: '', label: t`No end` },
  ];
  return (
    <>
      {made && <Secret token={made.token} />}
      <Form
        key={made?.id}
        initial={{ name: '', days: '90' }}
        action={<Trans>Make a token</Trans>}
        check={(values) => (values.name.trim() === '' ? { name: t`What is it for? “Backup script”` } : {})}
        submit={async ({ values }) => {
          const body = {
            name: values.name.trim(),
            expiresInDays: values.days === '' ? undefined : Number(values.days),
          };
          setMade(await api('POST /api/me/tokens', { body }));
          await client.invalidateQueries({ queryKey: tokensQuery.queryKey });
        }}
      >
        <FieldRow>
          <TextField name="name" label={<Trans>Name</Trans>} required />
          <SelectField name="days" label={<Trans>Valid for</Trans>} options={days} />
        </FieldRow>
      </Form>
    </>
  );
};

/** Where the person is signed in, and the tokens of their scripts. */
export const AccessPage = () => {
  const hidden = useHidden();
  const sessions = useQuery(sessionsQuery);
  const tokens = useQuery(tokensQuery);
  return (
    <>
      <PageHeader title={<Trans>Sessions and tokens</Trans>} />
      <SettingsTabs />
      <div className={classes['narrow']}>
        <Section quiet title={<Trans>Where you are signed in</Trans>}>
          <Loaded query={sessions}>
            {(items) => (
              <ul className={classes['list']}>
                {items
                  .filter((one) => !hidden.has(one.id))
                  .map((one) => (
                    <SessionLine key={one.id} session={one} />
                  ))}
              </ul>
            )}
          </Loaded>
        </Section>
        {!sessions.isPending && !tokens.isPending && (
          <>
            <Section
              title={<Trans>Personal access tokens</Trans>}
              lead={<Trans>For scripts: they can do what you can.</Trans>}
            >
              <Loaded query={tokens}>
                {(items) =>
                  items.length === 0 ? (
                    <p className={classes['quiet']}>
                      <Trans>None yet.</Trans>
                    </p>
                  ) : (
                    <ul className={classes['list']}>
                      {items
                        .filter((one) => !hidden.has(one.id))
                        .map((one) => (
                          <TokenLine key={one.id} token={one} />
                        ))}
                    </ul>
                  )
                }
              </Loaded>
            </Section>
            <Section title={<Trans>New token</Trans>}>
              <NewToken />
            </Section>
          </>
        )}
      </div>
    </>
  );
};
