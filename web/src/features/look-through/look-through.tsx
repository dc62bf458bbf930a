import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useFormat } from '../../lib/preferences.tsx';
import { AsOf } from '../../ui/as-of.tsx';
import { CoverageBar } from '../../ui/coverage.tsx';
import { Empty, Loaded, Note, PageHeader, Section } from '../../ui/page.tsx';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { Breakdown, type BreakdownKind } from './breakdown.tsx';
import { Companies } from './companies.tsx';
import { FundsTable } from './funds-table.tsx';
import classes from './look-through.module.css';
import { exposureQuery, type Basis, type Exposure } from './queries.ts';
import { ScopePicker, useLookThroughScope } from './scope-picker.tsx';
import { LookThroughTabs } from './tabs.tsx';

const route = getRouteApi('/app/look-through');

type View = 'company' | BreakdownKind;

const useViews = (): readonly {
  readonly view: View;
  readonly name: string;
  readonly label: string;
  readonly heading: string;
}[] => {
  const { t } = useLingui();
  return [
    { view: 'company', name: t`Companies`, label: '', heading: '' },
    { view: 'sector', name: t`Sectors`, label: t`Share by sector`, heading: t`Sector` },
    { view: 'country', name: t`Countries`, label: t`Share by country`, heading: t`Country` },
    { view: 'region', name: t`Regions`, label: t`Share by region`, heading: t`Region` },
    { view: 'currency', name: t`Currencies`, label: t`Share by currency`, heading: t`Currency` },
    { view: 'assetClass', name: t`Asset classes`, label: t`Share by asset class`, heading: t`Asset class` },
  ];
};

const Controls = ({ name }: { name: string }) => {
  const { t } = useLingui();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className={classes['controls']}>
      <ScopePicker
        holding={search.holding}
        instrument={search.instrument}
        name={name}
        onPick={(asked) =>
          void navigate({
            search: (before) => ({ ...before, ...asked, group: undefined, company: undefined }),
          })
        }
      />
      <AsOf
        day={search.asOf}
        onChange={(asOf) => void navigate({ search: (before) => ({ ...before, asOf }) })}
      />
      <NativeSelect
        label={t`Weights`}
        value={search.basis ?? 'published'}
        data={[
          { value: 'published', label: t`As published` },
          { value: 'normalised', label: t`Scaled to 100 %` },
          { value: 'marketValue', label: t`By market value` },
        ]}
        onChange={(event) => {
          const basis = event.currentTarget.value as Basis;
          void navigate({
            search: (before) => ({ ...before, basis: basis === 'published' ? undefined : basis }),
          });
        }}
      />
    </div>
  );
};

const Views = ({ view }: { view: View }) => {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Divide by`} className={classes['views']}>
      {useViews().map((one) => (
        <Link
          key={one.view}
          to="."
          className={classes['view']}
          resetScroll={false}
          activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
          search={(before: Record<string, unknown>) =>
            one.view === view
              ? before
              : {
                  ...before,
                  by: one.view === 'company' ? undefined : one.view,
                  group: undefined,
                  q: undefined,
                }
          }
        >
          {one.name}
        </Link>
      ))}
    </nav>
  );
};

const Facts = ({ exposure }: { exposure: Exposure }) => {
  const format = useFormat();
  return (
    <dl className={classes['facts']}>
      <div>
        <dt>
          <Trans>Coverage</Trans>
        </dt>
        <dd>
          <CoverageBar percent={exposure.coveragePct} />
        </dd>
      </div>
      <div>
        <dt>
          <Trans>Unclassified</Trans>
        </dt>
        <dd>{format.percent(exposure.unclassifiedPct)}</dd>
      </div>
      <div>
        <dt>
          <Trans>Companies</Trans>
        </dt>
        <dd>{format.count(exposure.companyCount)}</dd>
      </div>
      <div>
        <dt>
          <Trans>Valued as of</Trans>
        </dt>
        <dd>{format.day(exposure.asOf)}</dd>
      </div>
    </dl>
  );
};

const Gaps = ({ exposure }: { exposure: Exposure }) => (
  <>
    {exposure.missing.length > 0 && (
      <Note tone="warn" title={<Trans>Left out of the picture</Trans>}>
        <ul>
          {exposure.missing.map((one) => (
            <li key={one.holdingId}>
              <Link to="/holdings/$holdingId" params={{ holdingId: one.holdingId }}>
                {one.name}
              </Link>
              : {one.detail}
            </li>
          ))}
        </ul>
      </Note>
    )}
    {exposure.warnings.length > 0 && (
      <Section title={<Trans>Worth knowing</Trans>}>
        <ul className={classes['warnings']}>
          {exposure.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      </Section>
    )}
  </>
);

const Body = ({ exposure, name }: { exposure: Exposure; name: string }) => {
  const search = route.useSearch();
  const view: View = search.by ?? 'company';
  const found = useViews().find((one) => one.view === view);
  const nothing = exposure.companyCount === 0 && exposure.funds.every((fund) => !fund.lookedThrough);
  if (nothing) {
    return (
      <>
        <Gaps exposure={exposure} />
        <Empty
          title={<Trans>Nothing to look through yet</Trans>}
          actions={
            <Button component={Link} to="/imports">
              <Trans>Import files</Trans>
            </Button>
          }
        >
          <Trans>
            Drop the files that the funds’ issuers publish, and the companies behind them appear here.
          </Trans>
        </Empty>
      </>
    );
  }
  return (
    <>
      <Facts exposure={exposure} />
      <Views view={view} />
      {view === 'company' || !found ? (
        <Companies exposure={exposure} whole={name} name={name} />
      ) : (
        <Breakdown
          key={view}
          exposure={exposure}
          kind={view}
          label={found.label}
          heading={found.heading}
          name={name}
        />
      )}
      <Section
        title={<Trans>What it rests on</Trans>}
        lead={<Trans>Each fund’s file, its day and how much of it could be placed</Trans>}
      >
        <FundsTable funds={exposure.funds} />
      </Section>
      <Gaps exposure={exposure} />
    </>
  );
};

const Exposures = () => {
  const search = route.useSearch();
  const { scope, name } = useLookThroughScope(search);
  const query = useQuery({
    ...exposureQuery(scope ?? { kind: 'portfolio', id: '' }, { asOf: search.asOf, basis: search.basis }),
    enabled: scope !== undefined,
  });
  return (
    scope && (
      <Loaded query={query} lines={9}>
        {(exposure) => <Body exposure={exposure} name={name} />}
      </Loaded>
    )
  );
};

const ChoosePortfolio = () => {
  const { portfolios } = usePortfolioScope();
  return (
    <Empty title={<Trans>Which portfolio?</Trans>}>
      <Trans>Look-through is about one portfolio at a time:</Trans>{' '}
      {portfolios?.map((one, at) => (
        <span key={one.id}>
          {at > 0 && ' · '}
          <Link to="/look-through" search={{ portfolio: one.id }}>
            {one.name}
          </Link>
        </span>
      ))}
    </Empty>
  );
};

/** What a portfolio, a holding or a fund really holds: companies, sectors, countries, regions, currencies. */
export const LookThroughPage = () => {
  const search = route.useSearch();
  const { portfolios, portfolio } = usePortfolioScope();
  const { scope, name } = useLookThroughScope(search);
  const none = portfolios?.length === 0 && scope === undefined;
  return (
    <>
      <PageHeader
        title={<Trans>Look-through</Trans>}
        lead={
          name === '' ? (
            <Trans>What you really own, behind the funds.</Trans>
          ) : (
            <Trans>What {name} really holds, through all its funds.</Trans>
          )
        }
      />
      <LookThroughTabs />
      {none && (
        <Empty
          title={<Trans>Nothing to look through yet</Trans>}
          actions={
            <Button component={Link} to="/start">
              <Trans>Make a start</Trans>
            </Button>
          }
        />
      )}
      {!none && portfolio === null && scope === undefined && <ChoosePortfolio />}
      {scope && (
        <>
          <Controls name={name} />
          <Exposures />
        </>
      )}
    </>
  );
};
