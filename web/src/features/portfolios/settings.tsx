import { Trans } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { Link, useNavigate } from '@tanstack/react-router';
import { Empty, Failure, Note, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import { SettingsTabs } from '../identity/settings-tabs.tsx';
import classes from '../identity/settings.module.css';
import { useRemoval } from '../ledger/removal.ts';
import { HoldingColumns } from '../ledger/column-menu.tsx';
import { ListsEditor } from './lists.tsx';
import { ModelForm } from './model-form.tsx';
import { mayEdit, type Portfolio } from './queries.ts';
import { usePortfolioScope } from './scope.ts';
import { CurrencyForm, NameForm, PricesForm, TotalsForm } from './settings-forms.tsx';

const useDelete = (portfolio: Portfolio): (() => Promise<void>) => {
  const removal = useRemoval();
  const navigate = useNavigate();
  return async () => {
    if (await removal.portfolio(portfolio)) await navigate({ to: '/', search: { portfolio: undefined } });
  };
};

/** Changes when the forms have something else to begin with, and not with every version. */
const keyOf = ({ settings: { visibleColumns: _, ...settings } }: Portfolio): string =>
  JSON.stringify(settings);

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
      <Section quiet title={<Trans>Name</Trans>}>
        <NameForm key={`name ${portfolio.name}`} portfolio={portfolio} />
      </Section>
      <Section
        title={<Trans>Sections, themes and accounts</Trans>}
        lead={
          <Trans>
            The names that holdings are sorted by. Holdings follow whatever you change.{' '}
            <Link to="/targets" search={{ portfolio: portfolio.id, view: 'budgets' }}>
              What each should make up
            </Link>
          </Trans>
        }
      >
        <ListsEditor portfolio={portfolio} />
      </Section>
      <Section title={<Trans>Totals</Trans>} lead={<Trans>What targets in amounts are shares of</Trans>}>
        <TotalsForm key={`totals ${keyOf(portfolio)}`} portfolio={portfolio} />
      </Section>
      <Section title={<Trans>Live prices</Trans>}>
        <PricesForm key={`prices ${keyOf(portfolio)}`} portfolio={portfolio} />
      </Section>
      <Section
        title={<Trans>Currency</Trans>}
        lead={<Trans>Costs are kept in it, at the exchange rate of each trade’s day</Trans>}
      >
        <CurrencyForm key={`currency ${portfolio.baseCurrency}`} portfolio={portfolio} />
      </Section>
      <Section title={<Trans>Columns of the holdings</Trans>}>
        <HoldingColumns portfolio={portfolio} />
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
