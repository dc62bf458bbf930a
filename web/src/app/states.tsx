import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { isOnline, subscribeConnection } from '../lib/connection.ts';
import { ApiOffline } from '../lib/problem.ts';
import { Empty, Failure, PageHeader } from '../ui/page.tsx';

/** An address that leads nowhere. */
export const NotFound = () => (
  <>
    <PageHeader title={<Trans>There is no page at this address</Trans>} />
    <Empty
      title={<Trans>The link may be old or mistyped</Trans>}
      actions={
        <Button component={Link} to="/">
          <Trans>Go to the overview</Trans>
        </Button>
      }
    >
      <Trans>Everything you have is one press of Ctrl K away.</Trans>
    </Empty>
  </>
);

/** A portfolio that is not among the person's own: deleted, mistyped, or somebody else's. */
export const NoSuchPortfolio = () => (
  <>
    <PageHeader title={<Trans>There is nothing at this address</Trans>} />
    <Empty
      title={<Trans>You have no such portfolio</Trans>}
      actions={
        <Button component={Link} to="/">
          <Trans>All portfolios</Trans>
        </Button>
      }
    >
      <Trans>It may have been deleted, or it belongs to somebody else.</Trans>
    </Empty>
  </>
);

/** A page that broke, in words; the frame around it stays. It tries again by itself when the connection is back. */
export const PageFailure = ({ error, reset }: { error: unknown; reset: () => void }) => {
  const router = useRouter();
  const online = useSyncExternalStore(subscribeConnection, isOnline);
  const waited = useRef(!online);
  const retry = useCallback((): void => {
    reset();
    void router.invalidate();
  }, [reset, router]);
  useEffect(() => {
    if (online && waited.current) retry();
    waited.current = !online;
  }, [online, retry]);
  // Without a connection a page cannot even load its script: that is no fault of the page.
  return <Failure error={online ? error : new ApiOffline(error)} retry={retry} />;
};

/** The app could not even start: no frame yet, so this stands alone. */
export const StartFailure = (props: { error: unknown; reset: () => void }) => (
  <main>
    <h1 className="sr-only">Portfolio Manager</h1>
    <PageFailure {...props} />
  </main>
);
