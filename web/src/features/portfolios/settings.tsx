import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api } from '../../lib/api.ts';
import { Form, TextField } from '../../ui/form.tsx';
import { Empty, Failure, Note, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { SettingsTabs } from '../identity/settings-tabs.tsx';
import classes from '../identity/settings.module.css';
import { useRemoval } from '../ledger/removal.ts';
import { ListsForm } from './lists-form.tsx';
import { ModelForm } from './model-form.tsx';
import { mayEdit, type Portfolio } from './queries.ts';
import { usePortfolioScope } from './scope.ts';

const Rename = ({ portfolio }: { portfolio: Portfolio }) => {
  const { t } = useLingui();
  const client = useQueryClient();
  return (
    <Form
      initial={{ name: portfolio.name }}
      action={<Trans>Rename</Trans>}
      check={(values) => (values.name.trim() === '' ? { name: t`A portfolio needs a name.` } : {})}
      submit={async ({ values }) => {
        await api('PATCH /api/portfolios/:id', {
          params: { id: portfolio.id },
          version: portfolio.version,
          body: { name: values.name.trim() },
        });
        await client.invalidateQueries({ queryKey: ['portfolios'] });
        toast(t`Saved.`);
      }}
    >
      <TextField name="name" label={<Trans>Name</Trans>} required />
    </Form>
  );
};

const useDelete = (portfolio: Portfolio): (() => Promise<void>) => {
  const removal = useRemoval();
  const navigate = useNavigate();
  return async () => {
    if (await removal.portfolio(portfolio)) await navigate({ to: '/', search: { portfolio: undefined } });
  };
};

const Body = ({ portfolio }: { portfolio: Portfolio }) => {
  const remove = useDelete(portfolio);
  const { portfolios } = usePortfolioScope();
  if (!mayEdit(portfolio)) {
    return (
      <Note>
        <p>
          <Trans>This portfolio is shared with you to look at. Its owner can change it.</Trans>
        </p>
      </Note>
    );
  }
  return (
    <div className={classes['narrow']}>
      <Section quiet title={<Trans>Name</Trans>} lead={<Trans>Totals in {portfolio.baseCurrency}</Trans>}>
        <Rename key={portfolio.version} portfolio={portfolio} />
      </Section>
      <Section
        title={<Trans>Sections, themes and accounts</Trans>}
        lead={<Trans>The names that holdings are sorted by, and what each section should make up</Trans>}
      >
        <ListsForm key={`lists ${portfolio.version}`} portfolio={portfolio} />
      </Section>
      {portfolio.access === 'owner' && (
        <Section title={<Trans>Model</Trans>} lead={<Trans>What this portfolio aims for</Trans>}>
          <ModelForm key={`model ${portfolio.version}`} portfolio={portfolio} all={portfolios ?? []} />
        </Section>
      )}
      {portfolio.access === 'owner' && (
        <Section title={<Trans>Delete</Trans>}>
          <div className={classes['danger']}>
            <p className={classes['quiet']}>
              <Trans>
                Deletes the portfolio with its holdings and trades. For 30 days you can restore it under
                Recently deleted.
              </Trans>
            </p>
            <Button color="rust" variant="outline" onClick={() => void remove()}>
              <Trans>Delete {portfolio.name}</Trans>
            </Button>
          </div>
        </Section>
      )}
    </div>
  );
};

/** The settings of the chosen portfolio. */
export const PortfolioSettingsPage = () => {
  const { portfolios, portfolio, error, retry } = usePortfolioScope();
  const content = () => {
    if (portfolios === undefined) {
      return error === null ? <Waiting lines={6} /> : <Failure error={error} retry={retry} />;
    }
    if (portfolio) return <Body key={portfolio.id} portfolio={portfolio} />;
    return (
      <Empty title={<Trans>Which portfolio?</Trans>}>
        {portfolios.map((one, at) => (
          <span key={one.id}>
            {at > 0 && ' · '}
            <Link to="/settings/portfolio" search={{ portfolio: one.id }}>
              {one.name}
            </Link>
          </span>
        ))}
      </Empty>
    );
  };
  return (
    <>
      <PageHeader title={<Trans>Portfolio settings</Trans>} lead={portfolio?.name} />
      <SettingsTabs />
      {content()}
    </>
  );
};
