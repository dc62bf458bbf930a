import { Trans, useLingui } from '@lingui/react/macro';
import { useFormat } from '../lib/preferences.tsx';
import classes from './coverage.module.css';

/** How much of a whole is known, as a thin bar with its figure. */
export const CoverageBar = ({ percent, label }: { percent: number; label?: string }) => {
  const { t } = useLingui();
  const format = useFormat();
  const shown = Math.max(0, Math.min(100, percent));
  return (
    <span className={classes['coverage']}>
      <span
        className={classes['track']}
        role="img"
        aria-label={`${label ?? t`Coverage`}: ${format.percent(percent)}`}
      >
        <span className={classes['fill']} data-low={shown < 90} style={{ inlineSize: `${shown}%` }} />
      </span>
      <span aria-hidden className={classes['figure']}>
        {format.percent(percent)}
      </span>
    </span>
  );
};

/** The day of a fund's constituents, or that it has none. */
export const FundBadge = ({ asOf }: { asOf: string | null }) => {
  const format = useFormat();
  return asOf === null ? (
    <span className={classes['badge']} data-none>
      <Trans>no constituents</Trans>
    </span>
  ) : (
    <span className={classes['badge']}>
      <Trans>constituents of {format.day(asOf)}</Trans>
    </span>
  );
};

/** A quiet word beside a name: demo, private, draft. */
export const Tag = ({ children, tone }: { children: React.ReactNode; tone?: 'warn' }) => (
  <span className={classes['badge']} data-tone={tone}>
    {children}
  </span>
);
