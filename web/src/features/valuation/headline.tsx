import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { Figure } from '../../ui/figure.tsx';
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

/** What a net value is made of, where something is owed. */
export const DebtHeadlines = ({
  assets,
  debt,
  currency,
}: {
  assets: string | null;
  debt: string;
  currency: string;
}) =>
  debt === '0' ? null : (
    <>
      <Headline label={<Trans>Before debt</Trans>}>
        <Figure kind="money" value={assets} currency={currency} />
      </Headline>
      <Headline label={<Trans>Debt</Trans>}>
        <Figure kind="money" value={debt} currency={currency} />
      </Headline>
    </>
  );

/** The name of a value, which says where something is owed that it is net. */
export const ValueLabel = ({ debt }: { debt: string }) =>
  debt === '0' ? <Trans>Value</Trans> : <Trans>Net value</Trans>;
