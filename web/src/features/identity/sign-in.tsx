import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import { BrandMark } from '../../app/navigation.tsx';
import { OfflineBanner } from '../../app/offline.tsx';
import { api } from '../../lib/api.ts';
import { meQuery, type Me } from '../../lib/session.ts';
import { Form, PasswordField, TextField } from '../../ui/form.tsx';
import { Note } from '../../ui/page.tsx';
import classes from './sign-in.module.css';

const Gate = ({ title, children }: { title: string; children: ReactNode }) => {
  useEffect(() => {
    document.title = `${title} · Portfolio Manager`;
  }, [title]);
  return (
    <main className={classes['gate']}>
      <div className={classes['column']}>
        <OfflineBanner />
        <p className={classes['brand']}>
          <BrandMark /> Portfolio Manager
        </p>
        <h1 className={classes['title']}>{title}</h1>
        {children}
      </div>
      <aside className={classes['aside']}>
        <p className={classes['claim']}>
          <Trans>See what you really own.</Trans>
        </p>
        <p>
          <Trans>
            Your funds, looked through to the companies, countries and currencies behind them. On your own
            machine, with every figure explained.
          </Trans>
        </p>
      </aside>
    </main>
  );
};

/** Goes on as the person who just signed in, to where they wanted to be. */
const useEnter = (fallback: string): ((user: Me) => Promise<void>) => {
  const client = useQueryClient();
  const router = useRouter();
  const { next } = useSearch({ strict: false }) as { next?: string };
  return async (user) => {
    client.clear();
    client.setQueryData(meQuery.queryKey, user);
    router.history.push(next ?? fallback);
  };
};

const looksLikeEmail = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);

export const SignInPage = () => {
  const { t } = useLingui();
  const enter = useEnter('/');
  const { left } = useSearch({ strict: false }) as { left?: string };
  const options = useQuery({
    queryKey: ['auth options'],
    queryFn: ({ signal }) => api('GET /api/auth/options', { signal }),
  });
  return (
    <Gate title={t`Sign in`}>
      {left === '1' && (
        <Note live>
          <p>
            <Trans>Your account is deleted. Everything of yours is gone within minutes.</Trans>
          </p>
        </Note>
      )}
      <Form
        initial={{ email: '', password: '' }}
        action={<Trans>Sign in</Trans>}
        check={(values) => ({
          ...(looksLikeEmail(values.email.trim())
            ? {}
            : { email: t`Type your email address, such as ann@example.org.` }),
          ...(values.password === '' ? { password: t`Type your password.` } : {}),
        })}
        submit={async ({ values }) => {
          const { user } = await api('POST /api/auth/login', {
            body: { email: values.email.trim(), password: values.password },
          });
          await enter(user);
        }}
      >
        <TextField
          name="email"
          type="email"
          label={<Trans>Email</Trans>}
          autoComplete="username"
          required
          autoFocus
        />
        <PasswordField
          name="password"
          label={<Trans>Password</Trans>}
          autoComplete="current-password"
          required
        />
      </Form>
      {options.data?.registrationOpen !== false && (
        <p className={classes['other']}>
          <Trans>
            New here?{' '}
            <Link to="/sign-up" search={(before) => ({ next: before.next })}>
              Create an account
            </Link>
          </Trans>
        </p>
      )}
    </Gate>
  );
};

const MOST_BYTES = 72;
const LEAST_CHARACTERS = 8;

const browserTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const SignUpForm = () => {
  const { t } = useLingui();
  const enter = useEnter('/start');
  const passwordProblem = (password: string): string | undefined => {
    if (password.length < LEAST_CHARACTERS) return t`At least ${LEAST_CHARACTERS} characters.`;
    return new TextEncoder().encode(password).length > MOST_BYTES
      ? t`At most ${MOST_BYTES} bytes; this one is longer.`
      : undefined;
  };
  return (
    <Form
      initial={{ name: '', email: '', password: '' }}
      action={<Trans>Create account</Trans>}
      check={(values) => {
        const password = passwordProblem(values.password);
        return {
          ...(looksLikeEmail(values.email.trim())
            ? {}
            : { email: t`Type your email address, such as ann@example.org.` }),
          ...(password === undefined ? {} : { password }),
        };
      }}
      submit={async ({ values }) => {
        const name = values.name.trim();
        const email = values.email.trim();
        const locale = navigator.language.slice(0, 10);
        const body = {
          email,
          password: values.password,
          timezone: browserTimeZone(),
          locale,
          name: name === '' ? undefined : name,
        };
        const { user } = await api('POST /api/auth/register', { body });
        await enter(user);
      }}
    >
      <TextField name="name" label={<Trans>Name (optional)</Trans>} autoComplete="name" autoFocus />
      <TextField name="email" type="email" label={<Trans>Email</Trans>} autoComplete="username" required />
      <PasswordField
        name="password"
        label={<Trans>Password</Trans>}
        hint={<Trans>At least 8 characters. A sentence is easier to keep than a puzzle.</Trans>}
        autoComplete="new-password"
        required
      />
    </Form>
  );
};

export const SignUpPage = () => {
  const { t } = useLingui();
  const options = useQuery({
    queryKey: ['auth options'],
    queryFn: ({ signal }) => api('GET /api/auth/options', { signal }),
  });
  return (
    <Gate title={t`Create an account`}>
      {options.data?.registrationOpen === false ? (
        <Note tone="warn">
          <p>
            <Trans>New accounts are closed on this install. Ask the person who runs it.</Trans>
          </p>
        </Note>
      ) : (
        <SignUpForm />
      )}
      <p className={classes['other']}>
        <Trans>
          Have an account?{' '}
          <Link to="/sign-in" search={(before) => ({ next: before.next })}>
            Sign in
          </Link>
        </Trans>
      </p>
    </Gate>
  );
};
