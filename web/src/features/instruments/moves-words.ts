import { useLingui } from '@lingui/react/macro';
import { useCallback } from 'react';
import { useFormat } from '../../lib/preferences.tsx';

const useKindNames = (): ReadonlyMap<string, string> => {
  const { t } = useLingui();
  return new Map([
    ['constituents', t`rows of imported files`],
    ['constituentImports', t`imported files`],
    ['holdings', t`holdings`],
    ['identifiers', t`numbers`],
    ['listings', t`lines`],
    ['otherNames', t`other names`],
    ['manualPrices', t`prices given by hand`],
    ['events', t`events`],
    ['fundProxies', t`funds treated as others`],
    ['watchedInstruments', t`places on watchlists`],
    ['reviews', t`questions about rows`],
  ]);
};

/** What follows a merged instrument, in words: “holdings 2, lines 1”; nothing when nothing does. */
export const useMovesWords = (): ((moves: Readonly<Record<string, number>>) => string) => {
  const format = useFormat();
  const names = useKindNames();
  return useCallback(
    (moves) =>
      Object.entries(moves)
        .filter(([, count]) => count > 0)
        .map(([kind, count]) => `${names.get(kind) ?? kind} ${format.count(count)}`)
        .join(', '),
    [names, format],
  );
};
