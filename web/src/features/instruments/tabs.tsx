import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import classes from '../look-through/look-through.module.css';

/** The pages about instruments and rates. */
export const MarketsTabs = () => {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Markets pages`} className={classes['views']}>
      <Link to="/markets" className={classes['view']} activeOptions={{ exact: true, includeSearch: false }}>
        <Trans>Instruments</Trans>
      </Link>
      <Link to="/markets/watchlist" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Watchlist</Trans>
      </Link>
      <Link to="/markets/rates" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Exchange rates</Trans>
      </Link>
      <Link to="/markets/held" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Prices in doubt</Trans>
      </Link>
      <Link to="/markets/sources" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Sources</Trans>
      </Link>
    </nav>
  );
};
