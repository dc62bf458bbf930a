import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import classes from '../look-through/look-through.module.css';

/** The pages by which a person's own data come in and go out. */
export const ImportTabs = () => {
  const { t } = useLingui();
  return (
    <nav aria-label={t`Import pages`} className={classes['views']}>
      <Link to="/imports/statements" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Statements</Trans>
      </Link>
      <Link to="/imports/older-version" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Older version</Trans>
      </Link>
      <Link to="/imports/archive" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Archive</Trans>
      </Link>
      <Link to="/imports" className={classes['view']} activeOptions={{ exact: true, includeSearch: false }}>
        <Trans>Fund files</Trans>
      </Link>
    </nav>
  );
};
