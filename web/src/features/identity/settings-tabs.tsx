import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import classes from '../look-through/look-through.module.css';

/** The pages of the settings. */
export const SettingsTabs = () => {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Settings pages`} className={classes['views']}>
      <Link to="/settings" className={classes['view']} activeOptions={{ exact: true, includeSearch: false }}>
        <Trans>You</Trans>
      </Link>
      <Link to="/settings/portfolio" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Portfolio</Trans>
      </Link>
      <Link to="/settings/accounts" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Accounts</Trans>
      </Link>
      <Link to="/settings/household" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Household</Trans>
      </Link>
      <Link to="/settings/activity" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Activity</Trans>
      </Link>
      <Link to="/settings/deleted" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Recently deleted</Trans>
      </Link>
      <Link to="/settings/access" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Sessions and tokens</Trans>
      </Link>
      <Link to="/settings/erasure" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Delete account</Trans>
      </Link>
    </nav>
  );
};
