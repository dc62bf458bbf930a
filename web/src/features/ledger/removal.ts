import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../lib/api.ts';
import { toast } from '../../ui/toasts.tsx';
import type { Portfolio } from '../portfolios/queries.ts';
import { refreshFigures, type Holding, type Trade } from './queries.ts';

/** Deletes at once and offers to take it back; what is deleted can be restored for 30 days. */
export const useRemoval = () => {
  const { t } = useLingui();
  const client = useQueryClient();
  const refused = (error: unknown): void =>
    toast(error instanceof Error ? error.message : t`It could not be done. Please try again.`, {
      tone: 'bad',
    });
  const restore = async (deletionId: string): Promise<void> => {
    try {
      await api('POST /api/deletions/:id/restore', { params: { id: deletionId } });
      await refreshFigures(client);
      toast(t`It is back.`);
    } catch (error) {
      refused(error);
    }
  };
  const remove = async (message: string, act: () => Promise<string>): Promise<boolean> => {
    try {
      const deletionId = await act();
      await refreshFigures(client);
      toast(message, { undo: () => void restore(deletionId) });
      return true;
    } catch (error) {
      refused(error);
      return false;
    }
  };
  return {
    restore,
    /** With all legs of its event. @returns whether it is gone */
    trade: (trade: Pick<Trade, 'id' | 'version' | 'eventId'>): Promise<boolean> =>
      remove(
        trade.eventId === null
          ? t`The trade is deleted. Quantity and cost follow.`
          : t`The trade is deleted with everything that belongs to it. Quantity and cost follow.`,
        async () => {
          const request = { params: { id: trade.id }, version: trade.version };
          return (await api('DELETE /api/trades/:id', request)).deletionId;
        },
      ),
    holding: (holding: Holding): Promise<boolean> => {
      const name = holding.name;
      return remove(t`${name} and its trades are deleted.`, async () => {
        const request = { params: { id: holding.id }, version: holding.version };
        return (await api('DELETE /api/holdings/:id', request)).deletionId;
      });
    },
    portfolio: (portfolio: Portfolio): Promise<boolean> =>
      remove(t`${portfolio.name} with its holdings and trades is deleted.`, async () => {
        const request = { params: { id: portfolio.id }, version: portfolio.version };
        return (await api('DELETE /api/portfolios/:id', request)).deletionId;
      }),
  };
};
