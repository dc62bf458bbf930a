import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { IconFileImport, IconHome2, IconPencilPlus, type Icon } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../../lib/api.ts';
import { meQuery } from '../../lib/session.ts';
import { Failure, PageHeader } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import classes from './start.module.css';

const Door = (props: { icon: Icon; title: ReactNode; children: ReactNode; action: ReactNode }) => (
  <li className={classes['door']}>
    <props.icon aria-hidden size={26} stroke={1.5} className={classes['icon']} />
    <h2 className={classes['title']}>{props.title}</h2>
    <p className={classes['text']}>{props.children}</p>
    {props.action}
  </li>
);

/** Adds the demo household and shows it. */
export const useDemo = () => {
  const { t } = useLingui();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => api('POST /api/demo', {}),
    onSuccess: async (made) => {
      await client.invalidateQueries();
      toast(t`The demo household is here. Its figures are made up and marked as demo.`);
      await navigate({ to: '/', search: { portfolio: made.portfolios[0]?.id } });
    },
  });
};

/** The three doors of the first minutes. */
export const StartDoors = () => {
  const navigate = useNavigate();
  const demo = useDemo();
  return (
    <>
      {demo.isError && <Failure error={demo.error} />}
      <ul className={classes['doors']}>
        <Door
          icon={IconHome2}
          title={<Trans>Look at the demo household</Trans>}
          action={
            <Button variant="default" loading={demo.isPending} onClick={() => demo.mutate()}>
              <Trans>Add the demo</Trans>
            </Button>
          }
        >
          <Trans>
            Two portfolios with funds, prices and trades, made up by us. Delete them whenever you like.
          </Trans>
        </Door>
        <Door
          icon={IconPencilPlus}
          title={<Trans>Start a portfolio</Trans>}
          action={
            <Button onClick={() => void navigate({ to: '.', search: { dialog: 'new-portfolio' } })}>
              <Trans>Start a portfolio</Trans>
            </Button>
          }
        >
          <Trans>
            Search an instrument, type a quantity. Value and look-through appear at once where data exists.
          </Trans>
        </Door>
        <Door
          icon={IconFileImport}
          title={<Trans>Import files</Trans>}
          action={
            <Button variant="default" onClick={() => void navigate({ to: '/imports' })}>
              <Trans>Choose files</Trans>
            </Button>
          }
        >
          <Trans>
            Drop the files that your funds’ issuers publish: each finds its fund by what is in it. Or bring{' '}
            <Link to="/imports/statements">your broker’s statement</Link>.
          </Trans>
        </Door>
      </ul>
    </>
  );
};

export const StartPage = () => {
  const { data: me } = useQuery(meQuery);
  const name = me?.name;
  return (
    <>
      <PageHeader
        title={name === null || name === undefined ? <Trans>Welcome</Trans> : <Trans>Welcome, {name}</Trans>}
        lead={<Trans>Three ways to begin. None of them closes another.</Trans>}
      />
      <StartDoors />
    </>
  );
};
