import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../lib/preferences.tsx';
import { BarList } from '../../ui/bar-list.tsx';
import { CoverageBar, FundBadge } from '../../ui/coverage.tsx';
import { Loaded, Section } from '../../ui/page.tsx';
import classes from './look-through.module.css';
import { exposureQuery, type Exposure, type Scope } from './queries.ts';
import { largest } from './weights.ts';

const SHOWN = 6;

const Glance = ({ title, weights }: { title: string; weights: Readonly<Record<string, number>> }) => {
  const { t } = useLingui();
  const format = useFormat();
  const bars = largest(weights, SHOWN, t`Others`).map(({ name, percent, rest }) => ({
    name,
    percent,
    rest,
    figure: format.percentFigure(percent),
  }));
  return (
    <div>
      <h3 className={classes['sub']}>{title}</h3>
      <BarList bars={bars} label={title} heads={[<span key="n" className="sr-only">{t`Name`}</span>, '%']} />
    </div>
  );
};

const Body = ({ exposure }: { exposure: Exposure }) => {
  const { t } = useLingui();
  const fund = exposure.funds[0];
  if (exposure.coveragePct === 0) {
    return (
      <p className={classes['quiet']}>
        <Trans>
          Nothing is known about what it holds. <Link to="/imports">Import its issuer’s file</Link> to see it.
        </Trans>
      </p>
    );
  }
  return (
    <>
      <p className={classes['meta']}>
        <span>
          <Trans>Coverage</Trans> <CoverageBar percent={exposure.coveragePct} />
        </span>
        {fund && <FundBadge asOf={fund.asOf} />}
      </p>
      <div className={classes['glance']}>
        <Glance title={t`Sectors`} weights={exposure.bySector} />
        <Glance title={t`Countries`} weights={exposure.byCountry} />
        <Glance title={t`Currencies`} weights={exposure.byCurrency} />
      </div>
    </>
  );
};

/** What a holding or an instrument really holds, in a few lines, with the way to the whole picture. */
export const ExposureGlance = ({ scope }: { scope: Scope }) => {
  const query = useQuery(exposureQuery(scope));
  const search = scope.kind === 'holding' ? { holding: scope.id } : { instrument: scope.id };
  return (
    <Section
      title={<Trans>What it really holds</Trans>}
      actions={
        <Link to="/look-through" search={search}>
          <Trans>Look through</Trans>
        </Link>
      }
    >
      <Loaded query={query} lines={5}>
        {(exposure) => <Body exposure={exposure} />}
      </Loaded>
    </Section>
  );
};
