import { Trans } from '@lingui/react/macro';
import type { Format } from '../../lib/format.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { CoverageBar, Tag } from '../../ui/coverage.tsx';
import { HowButton, type How } from '../../ui/how.tsx';
import { darkPct, fileDays } from './funds.ts';
import classes from './look-through.module.css';
import type { Exposure } from './queries.ts';

/** So many funds are named in "how?". */
const NAMED = 6;

const coverageHow = (exposure: Exposure, format: Format): How => {
  const dark = exposure.funds
    .filter((fund) => darkPct(fund) >= 0.005)
    .toSorted((a, b) => darkPct(b) - darkPct(a));
  return {
    title: <Trans>Coverage</Trans>,
    formula: (
      <Trans>
        What is held directly, plus each fund’s share times the part of its file whose rows could be placed.
        The rest cannot be seen through.
      </Trans>
    ),
    inputs: [
      ...dark.slice(0, NAMED).map((fund) => ({
        label: fund.name,
        value: format.percent(darkPct(fund)),
        note: <Trans>not seen, of {format.percent(fund.weightPct)} held</Trans>,
        state: fund.lookedThrough ? undefined : ('missing' as const),
      })),
      { label: <Trans>Seen through</Trans>, value: format.percent(exposure.coveragePct) },
    ],
    asOf: format.day(exposure.asOf),
    links: [{ label: <Trans>Import files</Trans>, to: '/imports' }],
  };
};

const unclassifiedHow = (exposure: Exposure, format: Format): How => ({
  title: <Trans>Unclassified</Trans>,
  formula: (
    <Trans>
      100 % less all that the rows of the files account for. Below zero where a file’s weights sum to more
      than 100 %.
    </Trans>
  ),
  inputs: exposure.funds
    .filter((fund) => fund.weightSumPct !== null)
    .slice(0, NAMED)
    .map((fund) => ({
      label: fund.name,
      value: format.percent(fund.weightSumPct ?? 0),
      note: <Trans>sum of its file’s weights</Trans>,
    })),
  asOf: format.day(exposure.asOf),
});

/** How far the figures reach and of which day they are: stays in sight while the page scrolls. */
export const Standing = ({ exposure }: { exposure: Exposure }) => {
  const format = useFormat();
  const days = fileDays(exposure.funds);
  const stale = exposure.funds.filter((fund) => fund.stale).length;
  return (
    <dl className={classes['standing']} data-standing>
      <div>
        <dt>
          <Trans>Coverage</Trans>
        </dt>
        <dd>
          <HowButton how={() => coverageHow(exposure, format)}>
            <CoverageBar percent={exposure.coveragePct} />
          </HowButton>
        </dd>
      </div>
      <div className={classes['lesser']}>
        <dt>
          <Trans>Unclassified</Trans>
        </dt>
        <dd>
          <HowButton how={() => unclassifiedHow(exposure, format)}>
            {format.percent(exposure.unclassifiedPct)}
          </HowButton>
        </dd>
      </div>
      <div className={classes['lesser']}>
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
      {days && (
        <div>
          <dt>
            <Trans>Files of</Trans>
          </dt>
          <dd>
            {days.oldest === days.newest
              ? format.day(days.oldest)
              : format.dayRange(days.oldest, days.newest)}{' '}
            {stale > 0 && (
              <Tag tone="warn">
                <Trans>{format.count(stale)} out of date</Trans>
              </Tag>
            )}
          </dd>
        </div>
      )}
    </dl>
  );
};
