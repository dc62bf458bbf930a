import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import classes from './look-through.module.css';

/** The pages about what funds hold. */
export const LookThroughTabs = () => {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Look-through pages`} className={classes['views']}>
      <Link
        to="/look-through"
        className={classes['view']}
        activeOptions={{ exact: true, includeSearch: false }}
      >
        <Trans>Exposure</Trans>
      </Link>
      <Link to="/look-through/overlap" className={classes['view']}>
        <Trans>Overlap</Trans>
      </Link>
      <Link to="/imports" className={classes['view']}>
        <Trans>Import files</Trans>
      </Link>
    </nav>
  );
};
