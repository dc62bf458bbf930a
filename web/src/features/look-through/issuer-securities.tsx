import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../lib/preferences.tsx';
import { BarList } from '../../ui/bar-list.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Loaded } from '../../ui/page.tsx';
import classes from './look-through.module.css';
import { Pick } from './picture-tables.tsx';
import { issuersQuery, type Moment, type Scope } from './queries.ts';

/** The securities of one issuer that are held, each leading to its ways. */
export const IssuerSecurities = (props: {
  id: string;
  scope: Scope;
  moment: Moment;
  whole: string;
  onPick: (instrumentId: string) => void;
  onClose: () => void;
}) => {
  const { t } = useLingui();
  const format = useFormat();
  const query = useQuery(issuersQuery(props.scope, props.moment));
  const issuer = query.data?.issuers.find((one) => one.issuerId === props.id);
  const bars = (issuer?.companies ?? []).map((one) => ({
    name: one.name,
    percent: one.pct,
    figure: format.percent(one.pct),
    second: <Pick onPick={() => props.onPick(one.instrumentId)}>{t`Ways`}</Pick>,
  }));
  return (
    <Dialog title={issuer?.name ?? t`Issuer`} onClose={props.onClose}>
      <Loaded query={query} lines={4}>
        {() =>
          issuer ? (
            <>
              <p>
                <Trans>
                  <strong>{format.percent(issuer.pct)}</strong> of {props.whole}, in these securities:
                </Trans>
              </p>
              <BarList
                bars={bars}
                label={t`Securities of ${issuer.name}`}
                heads={[t`Security`, t`Share`, '']}
              />
            </>
          ) : (
            <p className={classes['quiet']}>
              <Trans>It is not among the largest issuers held on this day.</Trans>
            </p>
          )
        }
      </Loaded>
    </Dialog>
  );
};
