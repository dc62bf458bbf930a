import { useLingui } from '@lingui/react/macro';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { toast } from './toasts.tsx';

/** What went wrong, in the server's words where it had any. */
export const useErrorWords = (): ((error: unknown) => string) => {
  const { t } = useLingui();
  return useCallback(
    (error: unknown) => (error instanceof Error ? error.message : t`That did not work.`),
    [t],
  );
};

type Act = (
  /** Said when it is done. */
  message: string,
  run: () => Promise<unknown>,
  undo?: () => Promise<unknown>,
) => Promise<void>;

/**
 * Does one thing at a time and says what came of it, with a way back where there is one.
 * @param refresh reads anew what follows from it
 */
export const useAct = (
  refresh: (client: QueryClient) => Promise<unknown>,
): { readonly busy: boolean; readonly act: Act } => {
  const client = useQueryClient();
  const wordsOf = useErrorWords();
  const [busy, setBusy] = useState(false);
  const failed = (error: unknown): void => toast(wordsOf(error), { tone: 'bad' });
  const act: Act = async (message, run, undo) => {
    setBusy(true);
    try {
      await run();
      await refresh(client);
      const back = async (): Promise<void> => {
        await undo?.();
        await refresh(client);
      };
      toast(message, undo === undefined ? {} : { undo: () => void back().catch(failed) });
    } catch (error) {
      failed(error);
    } finally {
      setBusy(false);
    }
  };
  return { busy, act };
};
