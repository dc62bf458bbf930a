import { Trans, useLingui } from '@lingui/react/macro';
import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo, type ReactNode } from 'react';
import { useFormat } from '../../lib/preferences.tsx';
import { Empty, Failure, Loaded, PageHeader } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { MarketsTabs } from '../instruments/tabs.tsx';
import look from '../look-through/look-through.module.css';
import { decide, heldQuery, type Decision, type HeldPrice, type HeldStatus } from './held-queries.ts';
import classes from './rates.module.css';

const route = getRouteApi('/app/markets/held');

const useReasons = (): Record<HeldPrice['reason'], string> => {
  const { t } = useLingui();
  return useMemo(
    () => ({
      jump_up_100: t`About a hundred times the price before it: pence taken for pounds?`,
      jump_down_100: t`About a hundredth of the price before it: pounds taken for pence?`,
      jump: t`More than three times the price before it, or less than a third.`,
      zero: t`Zero.`,
      missing: t`There was no price in the answer.`,
      negative: t`Below zero.`,
      wrong_currency: t`In another currency than the line trades in.`,
      split_not_recorded: t`It moved by a whole ratio, as a split would make it; none is recorded.`,
      other: t`Taken back by hand.`,
    }),
    [t],
  );
};

const Evidence = ({ price }: { price: HeldPrice }) => {
  const format = useFormat();
  return (
    <span className={classes['quiet']}>
      {price.close === null ? (
        <Trans>no price</Trans>
      ) : (
        <>
          {format.price(price.close)} {price.currency}
        </>
      )}
      , {format.time(price.dateTime)}, {price.source}
      {price.comparedWith !== null && (
        <>
          {' · '}
          <Trans>
            compared with {format.price(price.comparedWith.close)} of{' '}
            {format.time(price.comparedWith.dateTime)}
          </Trans>
        </>
      )}
    </span>
  );
};

const Acts = ({ price, onDecide }: { price: HeldPrice; onDecide: (decision: Decision) => void }) => {
  const split = price.proposedSplit;
  const button = (decision: Decision, words: ReactNode) => (
    <Button size="compact-sm" variant="default" onClick={() => onDecide(decision)}>
      {words}
    </Button>
  );
  if (price.status !== 'open') return button('reopen', <Trans>Take the decision back</Trans>);
  return (
    <>
      {price.canAccept &&
        split !== null &&
        button(
          'accept with split',
          <Trans>
            Accept, and record a split of {split.numerator} for {split.denominator}
          </Trans>,
        )}
      {price.canAccept && button('accept', <Trans>Accept</Trans>)}
      {price.canDecide && button('reject', <Trans>Reject</Trans>)}
    </>
  );
};

const Row = ({ price }: { price: HeldPrice }) => {
  const { t } = useLingui();
  const reasons = useReasons();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: (decision: Decision) => decide(client, price.id, decision),
    onSuccess: (_, decision) => {
      if (decision === 'reopen') return;
      toast(decision === 'reject' ? t`Rejected.` : t`Accepted.`, {
        undo: () => void decide(client, price.id, 'reopen'),
      });
    },
  });
  return (
    <li className={classes['held']}>
      <span>
        <strong>
          <Link to="/markets/$instrumentId" params={{ instrumentId: price.instrumentId }}>
            {price.name}
          </Link>
        </strong>
      </span>
      <span className={classes['reason']}>{reasons[price.reason]}</span>
      <Evidence price={price} />
      <span className={classes['acts']}>
        <Acts price={price} onDecide={(decision) => send.mutate(decision)} />
      </span>
      {send.isError && <Failure error={send.error} />}
    </li>
  );
};

/** Prices that were held back because they look wrong: accept them, or keep them out. */
export const HeldPricesPage = () => {
  const { t } = useLingui();
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const status: HeldStatus = show ?? 'open';
  const query = useQuery(heldQuery(status));
  return (
    <>
      <PageHeader
        title={<Trans>Prices in doubt</Trans>}
        lead={
          <Trans>Held back because they look wrong. They count nowhere until somebody accepts them.</Trans>
        }
      />
      <MarketsTabs />
      <div className={look['controls']}>
        <SegmentedControl
          aria-label={t`Which prices`}
          value={status}
          data={[
            { value: 'open', label: t`Waiting` },
            { value: 'accepted', label: t`Accepted` },
            { value: 'rejected', label: t`Rejected` },
          ]}
          onChange={(value) =>
            void navigate({
              search: (before) => ({
                ...before,
                show: value === 'accepted' || value === 'rejected' ? value : undefined,
              }),
              replace: true,
            })
          }
        />
      </div>
      <Loaded query={query} lines={5}>
        {(prices) =>
          prices.length === 0 ? (
            <Empty title={<Trans>None</Trans>}>
              <Trans>Prices that look wrong wait here: a hundredfold jump, a zero, another currency.</Trans>
            </Empty>
          ) : (
            <ul className={classes['providers']}>
              {prices.map((price) => (
                <Row key={price.id} price={price} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
};
