import { Trans, useLingui } from '@lingui/react/macro';
import { useFormat } from '../../lib/preferences.tsx';
import type { Format } from '../../lib/format.ts';
import { BarList } from '../../ui/bar-list.tsx';
import { HowButton, type How } from '../../ui/how.tsx';
import { Section } from '../../ui/page.tsx';
import classes from './look-through.module.css';
import type { Exposure } from './queries.ts';

type Figures = Exposure['concentration']['companies'];

const TEN = 10;

const topHow = (figures: Figures, asOf: string, format: Format): How => {
  const ten = figures.top.find(({ count }) => count === TEN);
  return {
    title: <Trans>Share of the ten largest companies</Trans>,
    formula: (
      <Trans>Every company is added up through all funds; the ten largest sums are added together.</Trans>
    ),
    inputs: [
      { label: <Trans>The ten largest, of the whole</Trans>, value: format.percent(ten?.pct ?? 0) },
      {
        label: <Trans>All shares of known companies, of the whole</Trans>,
        value: format.percent(figures.equityPct),
      },
      {
        label: <Trans>The ten largest, of those shares</Trans>,
        value: format.percent(ten?.ofEquityPct ?? 0),
      },
    ],
    note: <Trans>Funds that are not looked through, cash, bonds and shorts are left out of the ten.</Trans>,
    asOf: format.day(asOf),
  };
};

const effectiveHow = (figures: Figures, asOf: string, format: Format): How => ({
  title: <Trans>Effective number of companies</Trans>,
  formula: (
    <Trans>
      One divided by the sum of the squared shares (the Herfindahl–Hirschman index). So many companies of
      equal size would be just as concentrated.
    </Trans>
  ),
  inputs: [
    { label: <Trans>Companies held</Trans>, value: format.count(figures.count) },
    {
      label: <Trans>Shares of known companies, of the whole</Trans>,
      value: format.percent(figures.equityPct),
    },
    { label: <Trans>Sum of squared shares (HHI)</Trans>, value: format.rate((figures.hhi ?? 0).toFixed(6)) },
  ],
  note: (
    <Trans>Each share is of the part that is in shares of known companies, so that those sum to 100 %.</Trans>
  ),
  asOf: format.day(asOf),
});

/** How much rests on how few. */
export const Concentration = ({ exposure }: { exposure: Exposure }) => {
  const { t } = useLingui();
  const format = useFormat();
  const { companies } = exposure.concentration;
  const ten = companies.top.find(({ count }) => count === TEN);
  if (companies.effectiveCount === null || ten === undefined) return null;
  const effective = Math.round(companies.effectiveCount);
  const bars = companies.top
    .filter(({ count }, at) => at === 0 || count <= companies.count)
    .map(({ count, pct }) => ({
      name: count === 1 ? t`The largest` : t`The ${format.count(count)} largest`,
      percent: pct,
      figure: format.percentFigure(pct),
      rest: true,
    }));
  return (
    <Section
      title={<Trans>How concentrated it is</Trans>}
      lead={<Trans>Companies added up through all funds</Trans>}
    >
      <div className={classes['concentration']}>
        <dl className={classes['bigFacts']}>
          <div>
            <dt>
              <Trans>The ten largest companies</Trans>
            </dt>
            <dd>
              <HowButton how={() => topHow(companies, exposure.asOf, format)}>
                {format.percent(ten.pct)}
              </HowButton>
            </dd>
          </div>
          <div>
            <dt>
              <Trans>As concentrated as</Trans>
            </dt>
            <dd>
              <HowButton how={() => effectiveHow(companies, exposure.asOf, format)}>
                <Trans>{format.count(effective)} equal companies</Trans>
              </HowButton>
            </dd>
            <dd className={classes['under']}>
              <Trans>of {format.count(companies.count)} held</Trans>
            </dd>
          </div>
        </dl>
        <BarList bars={bars} label={t`Share of the largest companies`} heads={[t`Companies`, '%']} />
      </div>
    </Section>
  );
};
