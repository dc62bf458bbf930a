import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useRouter } from '@tanstack/react-router';
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

/** A page that broke, in words; the frame around it stays. */
export const PageFailure = ({ error, reset }: { error: unknown; reset: () => void }) => {
  const router = useRouter();
  const retry = (): void => {
    reset();
    void router.invalidate();
  };
  return <Failure error={error} retry={retry} />;
};
