import { useLingui } from '@lingui/react/macro';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ApiOffline, ApiProblem } from '../../lib/problem.ts';
import { toast } from '../../ui/toasts.tsx';

/** Says why something did not work, in the server's words where it gave some. */
export const useRefusal = (): ((error: unknown) => void) => {
  const { t } = useLingui();
  return useCallback(
    (error) => {
      const words = error instanceof ApiProblem || error instanceof ApiOffline ? error.message : undefined;
      toast(words ?? t`That did not work; nothing was changed.`, { tone: 'bad' });
    },
    [t],
  );
};

/** Fetches anew what rests on what funds hold and on which instrument is which. */
export const useStaleFunds = (): (() => Promise<void>) => {
  const client = useQueryClient();
  return useCallback(async () => {
    for (const key of ['look-through', 'instruments', 'holdings', 'holding', 'valuation', 'prices']) {
      await client.invalidateQueries({ queryKey: [key] });
    }
  }, [client]);
};
