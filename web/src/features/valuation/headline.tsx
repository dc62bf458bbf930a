import type { ReactNode } from 'react';
import classes from './overview.module.css';

/** The large figures of a page's top. */
export const Headline = ({
  label,
  children,
  main,
}: {
  label: ReactNode;
  children: ReactNode;
  main?: boolean;
}) => (
  <div className={classes['headline']} data-main={main}>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);
