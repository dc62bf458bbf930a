import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import classes from './look-through.module.css';
import type { Company } from './queries.ts';

/** By which ways a company is held, and how much by each. */
export const CompanyPaths = ({
  company,
  whole,
  onClose,
}: {
  company: Company;
  whole: string;
  onClose: () => void;
}) => {
  const format = useFormat();
  return (
    <Dialog title={company.name} onClose={onClose}>
      <p className={classes['meta']}>
        <span>
          {[company.ticker, company.sector, company.country].filter((part) => part !== null).join(' · ')}
        </span>
      </p>
      <p>
        <Trans>
          <strong>{format.percent(company.pct)}</strong> of {whole}, the sum of these ways:
        </Trans>
      </p>
      <ul className={classes['paths']}>
        {company.paths.map((path) => (
          <li key={path.via.join(' ')} className={classes['path']}>
            <span>
              {path.viaNames.length === 0 ? (
                <Trans>held directly</Trans>
              ) : (
                path.viaNames.map((name, at) => (
                  <Fragment key={path.via[at] ?? name}>
                    {at > 0 && <span className={classes['step']}> → </span>}
                    <Link to="/look-through" search={{ instrument: path.via[at] }} onClick={onClose}>
                      {name}
                    </Link>
                  </Fragment>
                ))
              )}
            </span>
            <span>{format.percent(path.pct)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
};
