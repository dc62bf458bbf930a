import { Trans, useLingui } from '@lingui/react/macro';
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { AsOf } from '../../ui/as-of.tsx';
import { Empty, Loaded, Note, PageHeader, Section } from '../../ui/page.tsx';
import { usePortfolioScope } from '../portfolios/scope.ts';
import { MissingList } from '../valuation/missing-list.tsx';
import { Companies } from './companies.tsx';
import { Concentration } from './concentration.tsx';
import { Divide } from './divide.tsx';
import { FundsTable } from './funds-table.tsx';
import classes from './look-through.module.css';
import { Picture } from './pictures.tsx';
import { exposureQuery, type Basis, type Exposure, type Moment, type Scope } from './queries.ts';
import { ScopePicker, useLookThroughScope } from './scope-picker.tsx';
import { Standing } from './standing.tsx';
import { LookThroughTabs } from './tabs.tsx';
import { Trail } from './trail.tsx';
import { readView, upTo } from './view.ts';

const Opened = lazy(async () => ({ default: (await import('./opened.tsx')).Opened }));

const route = getRouteApi('/app/look-through');

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
            search: (before) => ({ ...before, ...asked, ...upTo([]), issuer: undefined, show: undefined }),
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

/** Before the picture, which is of the rest only. */
const OutOfThePicture = ({ exposure: { missing } }: { exposure: Exposure }) =>
  missing.length > 0 && (
    <Note tone="warn" title={<Trans>Left out of the picture</Trans>}>
      <MissingList missing={missing} />
    </Note>
  );

const WorthKnowing = ({ exposure: { warnings } }: { exposure: Exposure }) =>
  warnings.length > 0 && (
    <Section title={<Trans>Worth knowing</Trans>}>
      <ul className={classes['warnings']}>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </Section>
  );

const NothingYet = ({ exposure }: { exposure: Exposure }) => (
  <>
    <OutOfThePicture exposure={exposure} />
    {exposure.missing.length > 0 ? (
      <Empty
        title={<Trans>Nothing that is held has a value yet</Trans>}
        actions={
          <Button component={Link} to="/holdings">
            <Trans>See the holdings</Trans>
          </Button>
        }
      >
        <Trans>Give each holding a price, and what is behind it appears here by its share.</Trans>
      </Empty>
    ) : (
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
    )}
    <WorthKnowing exposure={exposure} />
  </>
);

type BodyProps = {
  readonly exposure: Exposure;
  readonly scope: Scope;
  readonly moment: Moment;
  readonly name: string;
};

const Body = ({ exposure, scope, moment, name }: BodyProps) => {
  const search = route.useSearch();
  const view = useMemo(() => readView(search), [search]);
  const subject = useMemo(() => ({ scope, moment, exposure }), [scope, moment, exposure]);
  if (exposure.companyCount === 0 && exposure.funds.every((fund) => !fund.lookedThrough)) {
    return <NothingYet exposure={exposure} />;
  }
  return (
    <>
      <Standing exposure={exposure} />
      <OutOfThePicture exposure={exposure} />
      <Divide view={view} />
      <Trail filters={view.filters} whole={name} />
      <Picture subject={subject} view={view} whole={name} />
      <Companies scope={scope} moment={moment} filters={view.filters} name={name} />
      <Concentration exposure={exposure} />
      <Section
        title={<Trans>What it rests on</Trans>}
        lead={<Trans>Each fund’s file, its day and how much of it could be placed</Trans>}
      >
        <FundsTable funds={exposure.funds} />
      </Section>
      <WorthKnowing exposure={exposure} />
      {(search.company !== undefined || search.issuer !== undefined) && (
        <Suspense fallback={null}>
          <Opened scope={scope} moment={moment} name={name} />
        </Suspense>
      )}
    </>
  );
};

const Exposures = ({ scope, name }: { scope: Scope; name: string }) => {
  const { asOf, basis } = route.useSearch();
  const { kind, id } = scope;
  const about = useMemo((): Scope => ({ kind, id }), [kind, id]);
  const moment = useMemo((): Moment => ({ asOf, basis }), [asOf, basis]);
  const query = useQuery(exposureQuery(about, moment));
  return (
    <Loaded query={query} lines={9}>
      {(exposure) => <Body exposure={exposure} scope={about} moment={moment} name={name} />}
    </Loaded>
  );
};

/** What all portfolios, one of them, a holding or a fund really hold: companies, sectors, countries, regions, currencies. */
export const LookThroughPage = () => {
  const search = route.useSearch();
  const { portfolios } = usePortfolioScope();
  const { scope, name } = useLookThroughScope(search);
  const none = portfolios?.length === 0 && scope === undefined;
  return (
    <>
      <PageHeader
        title={<Trans>Look-through</Trans>}
        lead={
          name === '' ? (
            <Trans>What you really own, behind the funds.</Trans>
          ) : scope?.kind === 'all' ? (
            <Trans>What all portfolios really hold together, through all their funds.</Trans>
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
      {scope && (
        <>
          <Controls name={name} />
          <Exposures scope={scope} name={name} />
        </>
      )}
    </>
  );
};
