import { Trans, useLingui } from '@lingui/react/macro';
import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';
import { Note } from '../../ui/page.tsx';
import { toast } from '../../ui/toasts.tsx';
import { useRefusal } from '../instruments/refusal.ts';
import { portfoliosQuery, type Portfolio } from '../portfolios/queries.ts';
import type { Allocation } from './queries.ts';

/** Follows a model, or none; and back again. */
const useFollow = (portfolio: Portfolio) => {
  const client = useQueryClient();
  return async (modelId: string | null): Promise<void> => {
    await api('PATCH /api/portfolios/:id', { params: { id: portfolio.id }, body: { modelId } });
    await client.invalidateQueries({ queryKey: ['portfolios'] });
    await client.invalidateQueries({ queryKey: ['valuation'] });
  };
};

/** That targets come from a model, with the way to it and away from it. */
export const FollowNote = ({ portfolio }: { portfolio: Portfolio }) => {
  const { t } = useLingui();
  const refused = useRefusal();
  const follow = useFollow(portfolio);
  const [busy, setBusy] = useState(false);
  const { data: portfolios } = useQuery(portfoliosQuery);
  const { modelId } = portfolio;
  if (portfolio.modelHidden) {
    return (
      <Note>
        <p>
          <Trans>
            The owner chose a model for this portfolio that is not shared with you. What you see are its own
            targets.
          </Trans>
        </p>
      </Note>
    );
  }
  if (modelId === null) return null;
  const name = portfolios?.find((one) => one.id === modelId)?.name ?? '';
  const leave = async (): Promise<void> => {
    setBusy(true);
    try {
      await follow(null);
      toast(t`Its own targets count again.`, { undo: () => void follow(modelId).catch(refused) });
    } catch (error) {
      refused(error);
    }
    setBusy(false);
  };
  return (
    <Note>
      <p>
        <Trans>
          Targets of holdings, themes and sections come from the model{' '}
          <Link to="/holdings" search={{ portfolio: modelId }}>
            {name}
          </Link>
          . The portfolio’s own are kept and do not count meanwhile; those of accounts do.
        </Trans>{' '}
        <Link to="/drafts/compare" search={{ left: portfolio.id, right: modelId }}>
          <Trans>Compare with it</Trans>
        </Link>
      </p>
      <Button size="xs" variant="default" loading={busy} onClick={() => void leave()}>
        <Trans>Stop following</Trans>
      </Button>
    </Note>
  );
};

/** What the model holds and nothing here can fill. */
export const NotHeld = ({ allocation }: { allocation: Allocation }) => {
  const format = useFormat();
  const lacking = allocation.model?.notHeld ?? [];
  if (lacking.length === 0) return null;
  return (
    <Note tone="warn" title={<Trans>The model also holds</Trans>}>
      <ul>
        {lacking.map((one) => (
          <li key={one.instrumentId ?? one.name}>
            {one.instrumentId === null ? (
              one.name
            ) : (
              <Link to="/markets/$instrumentId" params={{ instrumentId: one.instrumentId }}>
                {one.name}
              </Link>
            )}
            , {format.percent(one.targetPct)}
          </li>
        ))}
      </ul>
      <p>
        <Trans>Add a holding of it, so that money can go there.</Trans>
      </p>
    </Note>
  );
};
