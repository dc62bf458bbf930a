import { Trans, useLingui } from '@lingui/react/macro';
import { Button, SegmentedControl } from '@mantine/core';
import { IconScale } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useFormat } from '../../lib/preferences.tsx';
import { AsOf } from '../../ui/as-of.tsx';
import { Figure } from '../../ui/figure.tsx';
import { Empty, Failure, Loaded, Note, PageHeader, Section, Waiting } from '../../ui/page.tsx';
import tabs from '../look-through/look-through.module.css';
import { ModelForm } from '../portfolios/model-form.tsx';
import { mayEdit, portfoliosQuery, type Portfolio } from '../portfolios/queries.ts';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { StartDoors } from '../portfolios/start.tsx';
import { Headline } from '../valuation/headline.tsx';
import { MissingList } from '../valuation/missing-list.tsx';
import overview from '../valuation/overview.module.css';
import classes from './allocation.module.css';
import { BudgetsEditor } from './budgets.tsx';
import { DriftTable } from './drift.tsx';
import { FollowNote, NotHeld } from './followed.tsx';
import { BaseWords } from './how.tsx';
import { allocationQuery, type Allocation } from './queries.ts';
import { Rebalancing } from './rebalance.tsx';

const route = getRouteApi('/app/targets');

const Views = () => {
  const { t } = useLingui();
  const search = route.useSearch();
  const views = [
    { value: undefined, label: t`Drift` },
    { value: 'rebalance' as const, label: t`Rebalance` },
    { value: 'budgets' as const, label: t`Set targets` },
  ];
  return (
    <nav aria-label={t`Targets pages`} className={tabs['views']}>
      {views.map(({ value, label }) => (
        <Link
          key={label}
          to="/targets"
          search={{ ...search, view: value }}
          className={tabs['view']}
          activeOptions={
            value === search.view
              ? { includeSearch: false }
              : { exact: true, includeSearch: true, explicitUndefined: true }
          }
        >
          {label}
        </Link>
      ))}
    </nav>
  );
};

const hasTargets = ({ sections, themes, accounts, holdings }: Allocation): boolean =>
  [...sections, ...themes, ...accounts, ...holdings].some((one) => one.target !== null);

/** What the figures leave out, and why. */
const LeftOut = ({ allocation }: { allocation: Allocation }) => {
  const { missing, excluded } = allocation;
  if (missing.length === 0 && excluded.length === 0) return null;
  const names = excluded.map((one) => one.name).join(', ');
  return (
    <div className={classes['notes']}>
      {missing.length > 0 && (
        <Note tone="warn">
          <MissingList missing={missing} />
        </Note>
      )}
      {excluded.length > 0 && (
        <Note>
          <p>
            <Trans>Not counted, because you left it out: {names}.</Trans>
          </p>
        </Note>
      )}
    </div>
  );
};

const Legend = () => (
  <p className={classes['legend']}>
    <span>
      <i aria-hidden />
      <Trans>actual</Trans>
    </span>
    <span>
      <i data-mark aria-hidden />
      <Trans>target</Trans>
    </span>
  </p>
);

const Totals = ({ allocation }: { allocation: Allocation }) => {
  const { value, base, baseFrom, currency } = allocation;
  return (
    <dl className={overview['headlines']}>
      <Headline label={<Trans>Value that counts</Trans>} main>
        <Figure kind="money" value={value} currency={currency} />
      </Headline>
      {baseFrom !== 'value' && (
        <Headline
          label={
            <>
              <Trans>Targets are of</Trans> <BaseWords from={baseFrom} />
            </>
          }
        >
          <Figure kind="money" value={base} currency={currency} />
        </Headline>
      )}
    </dl>
  );
};

const DriftTools = () => {
  const { t } = useLingui();
  const { by = 'section', asOf } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t`Divide by`}
        value={by}
        data={[
          { value: 'section', label: t`Section` },
          { value: 'theme', label: t`Theme` },
          { value: 'account', label: t`Account` },
          { value: 'holding', label: t`Holding` },
        ]}
        onChange={(value) =>
          void navigate({
            search: (before) => ({ ...before, by: value === 'section' ? undefined : value }),
            replace: true,
          })
        }
      />
      <AsOf
        small
        day={asOf}
        onChange={(day) => void navigate({ search: (before) => ({ ...before, asOf: day }) })}
      />
    </>
  );
};

const NoTargets = ({ portfolio }: { portfolio: Portfolio }) => {
  const navigate = route.useNavigate();
  return (
    <Empty
      icon={<IconScale size={28} />}
      title={<Trans>No targets yet</Trans>}
      actions={
        mayEdit(portfolio) && (
          <Button onClick={() => void navigate({ search: (before) => ({ ...before, view: 'budgets' }) })}>
            <Trans>Set targets</Trans>
          </Button>
        )
      }
    >
      <Trans>
        Say what each section, theme or account should make up; what is there is compared with it.
      </Trans>
    </Empty>
  );
};

const Drift = ({ portfolio }: { portfolio: Portfolio }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { by = 'section', asOf } = route.useSearch();
  const query = useQuery(allocationQuery(portfolio.id, asOf));
  const label = { section: t`Sections`, theme: t`Themes`, account: t`Accounts`, holding: t`Holdings` }[by];
  return (
    <Loaded query={query} lines={6}>
      {(allocation) =>
        hasTargets(allocation) ? (
          <>
            <Totals allocation={allocation} />
            <LeftOut allocation={allocation} />
            <NotHeld allocation={allocation} />
            <Legend />
            <DriftTable
              key={by}
              allocation={allocation}
              by={by}
              label={label}
              exportName={t`targets ${portfolio.name} ${format.day(allocation.asOf)}`}
              tools={<DriftTools />}
            />
          </>
        ) : (
          <NoTargets portfolio={portfolio} />
        )
      }
    </Loaded>
  );
};

/** Several portfolios may aim for the same model. */
const Following = ({ portfolio }: { portfolio: Portfolio }) => {
  const { data: portfolios = [] } = useQuery(portfoliosQuery);
  return (
    <Section title={<Trans>Or follow a model</Trans>} lead={<Trans>Its weights are then the targets</Trans>}>
      <ModelForm key={`model ${portfolio.version}`} portfolio={portfolio} all={portfolios} />
    </Section>
  );
};

const Body = ({ portfolio }: { portfolio: Portfolio }) => {
  const { view } = route.useSearch();
  if (view === 'rebalance') return <Rebalancing portfolio={portfolio} />;
  if (view !== 'budgets') return <Drift portfolio={portfolio} />;
  return mayEdit(portfolio) ? (
    <>
      <BudgetsEditor key={JSON.stringify([portfolio.budgets, portfolio.lists])} portfolio={portfolio} />
      {portfolio.access === 'owner' && portfolio.type !== 'model' && <Following portfolio={portfolio} />}
    </>
  ) : (
    <Note>
      <p>
        <Trans>This portfolio is shared with you to look at. Its owner can change it.</Trans>
      </p>
    </Note>
  );
};

/** Actual against target, what to trade to come back to it, and the targets themselves. */
export const TargetsPage = () => {
  const { portfolios, portfolio, error, retry } = usePortfolioScope();
  if (portfolios === undefined) {
    return error === null ? <Waiting lines={8} /> : <Failure error={error} retry={retry} />;
  }
  if (portfolios.length === 0) {
    return (
      <>
        <PageHeader
          title={<Trans>Targets</Trans>}
          lead={<Trans>Targets belong to a portfolio. Three ways to get one:</Trans>}
        />
        <StartDoors />
      </>
    );
  }
  return (
    <>
      <PageHeader title={<Trans>Targets</Trans>} lead={portfolio?.name} />
      {portfolio ? (
        <>
          <Views />
          <FollowNote portfolio={portfolio} />
          <Body key={portfolio.id} portfolio={portfolio} />
        </>
      ) : (
        <Empty title={<Trans>Which portfolio?</Trans>}>
          {portfolios.map((one, at) => (
            <span key={one.id}>
              {at > 0 && ' · '}
              <Link to="/targets" search={{ portfolio: one.id }}>
                {one.name}
              </Link>
            </span>
          ))}
        </Empty>
      )}
    </>
  );
};
