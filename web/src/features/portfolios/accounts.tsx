import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Tag } from '../../ui/coverage.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { DayField, FieldRow, Form, SelectField, TextField } from '../../ui/form.tsx';
import { Loaded, PageHeader, Section } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { SettingsTabs } from '../identity/settings-tabs.tsx';
import classes from '../identity/settings.module.css';
import { mayEdit, portfoliosQuery, type Portfolio } from './queries.ts';
import { SharedTag } from './shared-tag.tsx';

type Account = Answer<'PATCH /api/accounts/:id'>;
type Wrapper = Account['wrapper'];

const accountsQuery = (portfolioId: string) =>
  queryOptions({
    queryKey: ['portfolios', portfolioId, 'accounts'],
    queryFn: ({ signal }) => api('GET /api/portfolios/:id/accounts', { params: { id: portfolioId }, signal }),
    select: (page) => page.items,
  });

const useWrappers = (): { value: Wrapper; label: string }[] => {
  const { t } = useLingui();
  return [
    { value: 'ISA', label: 'ISA' },
    { value: 'LISA', label: t`Lifetime ISA` },
    { value: 'JISA', label: t`Junior ISA` },
    { value: 'SIPP', label: 'SIPP' },
    { value: 'GIA', label: t`No wrapper (GIA)` },
    { value: 'other', label: t`Something else` },
  ];
};

const orNull = (typed: string): string | null => (typed.trim() === '' ? null : typed.trim());

const AccountDialog = ({ account, onClose }: { account: Account; onClose: () => void }) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const format = useFormat();
  const wrappers = useWrappers();
  return (
    <Dialog title={account.name} onClose={onClose}>
      <Form
        initial={{
          wrapper: account.wrapper,
          owner: account.owner ?? '',
          provider: account.provider ?? '',
          openedOn: account.openedOn ?? '',
          closedOn: account.closedOn ?? '',
        }}
        action={<Trans>Save</Trans>}
        onCancel={onClose}
        submit={async ({ values }) => {
          await api('PATCH /api/accounts/:id', {
            params: { id: account.id },
            version: account.version,
            body: {
              wrapper: values.wrapper,
              owner: orNull(values.owner),
              provider: orNull(values.provider),
              openedOn: orNull(values.openedOn),
              closedOn: orNull(values.closedOn),
            },
          });
          await client.invalidateQueries({ queryKey: ['portfolios'] });
          await client.invalidateQueries({ queryKey: ['valuation'] });
          toast(t`Saved.`);
          onClose();
        }}
      >
        <FieldRow>
          <SelectField name="wrapper" label={<Trans>Tax wrapper</Trans>} options={wrappers} />
          <TextField name="owner" label={<Trans>Whose it is</Trans>} />
        </FieldRow>
        <TextField name="provider" label={<Trans>Provider</Trans>} />
        <FieldRow>
          <DayField name="openedOn" label={<Trans>Opened on</Trans>} max={format.today()} />
          <DayField name="closedOn" label={<Trans>Closed on</Trans>} max={format.today()} />
        </FieldRow>
      </Form>
    </Dialog>
  );
};

const AccountItem = ({ account, editable }: { account: Account; editable: boolean }) => {
  const { t } = useLingui();
  const format = useFormat();
  const wrappers = useWrappers();
  const [editing, setEditing] = useState(false);
  const { name } = account;
  const facts = [
    wrappers.find((one) => one.value === account.wrapper)?.label ?? '',
    account.owner ?? '',
    account.provider ?? '',
    account.openedOn === null ? '' : t`opened ${format.day(account.openedOn)}`,
    account.closedOn === null ? '' : t`closed ${format.day(account.closedOn)}`,
  ].filter((fact) => fact !== '');
  return (
    <li className={classes['item']}>
      <div className={classes['what']}>
        <strong>{name}</strong>{' '}
        {account.closedOn !== null && (
          <Tag>
            <Trans>closed</Trans>
          </Tag>
        )}
        <p className={classes['quiet']}>{facts.join(' · ')}</p>
      </div>
      {editable && (
        <Button size="xs" variant="default" aria-label={t`Change ${name}`} onClick={() => setEditing(true)}>
          <Trans>Change</Trans>
        </Button>
      )}
      {editing && <AccountDialog account={account} onClose={() => setEditing(false)} />}
    </li>
  );
};

const Accounts = ({ portfolio }: { portfolio: Portfolio }) => {
  const query = useQuery(accountsQuery(portfolio.id));
  return (
    <Section
      title={
        <>
          {portfolio.name} <SharedTag of={portfolio} />
        </>
      }
    >
      <Loaded query={query} lines={3}>
        {(items) => (
          <ul className={classes['list']}>
            {items.map((one) => (
              <AccountItem key={one.id} account={one} editable={mayEdit(portfolio)} />
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
};

/** What is known of every account. */
export const AccountsPage = () => {
  const portfolios = useQuery(portfoliosQuery);
  return (
    <>
      <PageHeader
        title={<Trans>Accounts</Trans>}
        lead={
          <Trans>
            Wrapper, owner and provider of each. Their names are in the{' '}
            <Link to="/settings/portfolio">portfolio’s lists</Link>.
          </Trans>
        }
      />
      <SettingsTabs />
      <div className={classes['narrow']}>
        <Loaded query={portfolios}>
          {(all) =>
            all.filter((one) => one.type === 'actual').map((one) => <Accounts key={one.id} portfolio={one} />)
          }
        </Loaded>
      </div>
    </>
  );
};
