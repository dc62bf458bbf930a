import { useLingui } from '@lingui/react/macro';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ListChange } from '@pm/domain/portfolios';
import { api } from '../../lib/api.ts';
import { ApiProblem } from '../../lib/problem.ts';
import { toast } from '../../ui/toasts.tsx';
import { refreshFigures } from '../ledger/queries.ts';
import { portfoliosQuery, type Portfolio } from './queries.ts';

type Page = { readonly items: readonly Portfolio[] };

/** Puts a portfolio as the server answered it where it stands. */
export const replacePortfolio = (client: QueryClient, portfolio: Portfolio): void => {
  client.setQueryData<Page>(
    portfoliosQuery.queryKey,
    (page) =>
      page && { ...page, items: page.items.map((one) => (one.id === portfolio.id ? portfolio : one)) },
  );
};

/** A change of a list, what is said of it, and how it is taken back. */
export type ListAct = {
  readonly change: ListChange;
  readonly said: string;
  readonly undo?: ListChange | 'documents';
};

/**
 * Changes lists of a portfolio under the version that is seen; offers to take each change back where that is one step.
 * @returns what makes a change, resolving to the server's refusal in words or to null; and whether one is under way
 */
export const useListChange = (portfolio: Portfolio) => {
  const { t } = useLingui();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const send = async (change: ListChange, version: number): Promise<Portfolio> => {
    const answer = await api('POST /api/portfolios/:id/lists', {
      params: { id: portfolio.id },
      version,
      // The contract's arrays are not readonly.
      body: change.type === 'order' ? { ...change, names: [...change.names] } : change,
    });
    return answer.portfolio;
  };
  const after = async (saved: Portfolio): Promise<void> => {
    replacePortfolio(client, saved);
    await refreshFigures(client);
  };
  const failed = (error: unknown): void =>
    toast(error instanceof Error ? error.message : t`It could not be undone.`, { tone: 'bad' });
  const takeBack = async (undo: ListChange | 'documents', version: number): Promise<void> => {
    const { lists, budgets } = portfolio;
    const saved =
      undo === 'documents'
        ? await api('PATCH /api/portfolios/:id', {
            params: { id: portfolio.id },
            version,
            body: { lists, budgets },
          })
        : await send(undo, version);
    await after(saved);
  };
  const act = async ({ change, said, undo }: ListAct): Promise<ApiProblem | null> => {
    setBusy(true);
    try {
      const saved = await send(change, portfolio.version);
      await after(saved);
      toast(said, undo && { undo: () => void takeBack(undo, saved.version).catch(failed) });
      return null;
    } catch (error) {
      if (error instanceof ApiProblem) {
        if (error.status === 412) await client.invalidateQueries({ queryKey: portfoliosQuery.queryKey });
        return error;
      }
      failed(error);
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { act, busy };
};
