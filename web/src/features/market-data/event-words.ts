import { useLingui } from '@lingui/react/macro';
import { useCallback } from 'react';
import type { Answer } from '../../lib/api.ts';
import { useFormat } from '../../lib/preferences.tsx';

type Happened = Answer<'GET /api/instruments/:id/price-series'>['events'][number];

/** What happened to an instrument, in words. */
export const useEventWords = () => {
  const { t } = useLingui();
  const format = useFormat();
  return useCallback(
    ({ split, dividend, title }: Happened): string => {
      if (split !== null) return t`Split, ${split.numerator} for ${split.denominator}`;
      if (dividend !== null) return t`Dividend of ${format.price(dividend.amount)} ${dividend.currency}`;
      return title;
    },
    [t, format],
  );
};
