import { Trans, useLingui } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useOpenReviews } from '../imports/review-queries.ts';
import classes from './look-through.module.css';

/** The pages about what funds hold. */
export const LookThroughTabs = () => {
  const { t } = useLingui();
  const { count, more } = useOpenReviews();
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
      <Link to="/imports" className={classes['view']} activeOptions={{ exact: true, includeSearch: false }}>
        <Trans>Import files</Trans>
      </Link>
      <Link to="/imports/review" className={classes['view']} activeOptions={{ includeSearch: false }}>
        <Trans>Review</Trans>
        {count > 0 && (
          <span className={classes['count']}>
            {more ? `${count}+` : count} <span className="sr-only">{t`to decide`}</span>
          </span>
        )}
      </Link>
    </nav>
  );
};
