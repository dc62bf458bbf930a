import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { drillInto, isWithin, type Dimension, type Filter } from './view.ts';

const route = getRouteApi('/app/look-through');

export type LookInto = {
  /** One level down: only what counts under these words. */
  readonly words: (steps: readonly Filter[]) => void;
  /** The second of two words; with the first where that says more. */
  readonly pair: (outer: Dimension, outerWord: string, inner: Dimension, innerWord: string) => void;
  /** Every way to one company; nothing closes it. */
  readonly company: (id: string | undefined) => void;
  readonly issuer: (id: string | undefined) => void;
};

/** The ways further down, each a place in the browser's history. */
export const useLookInto = (): LookInto => {
  const navigate = route.useNavigate();
  return useMemo(() => {
    const words = (steps: readonly Filter[]): void =>
      void navigate({
        search: (before) => ({
          ...before,
          ...drillInto(steps),
          show: undefined,
          // A country has no map of its own.
          picture:
            before.picture === 'map' && steps.some(({ dimension }) => dimension === 'country')
              ? undefined
              : before.picture,
        }),
        resetScroll: false,
      });
    const open = (change: { company?: string | undefined; issuer?: string | undefined }, closes: boolean) =>
      void navigate({ search: (before) => ({ ...before, ...change }), replace: closes, resetScroll: false });
    return {
      words,
      pair: (outer, outerWord, inner, innerWord) =>
        words([
          ...(isWithin(inner, outer) ? [] : [{ dimension: outer, word: outerWord }]),
          { dimension: inner, word: innerWord },
        ]),
      company: (company) => open({ company }, company === undefined),
      issuer: (issuer) => open({ issuer }, issuer === undefined),
    };
  }, [navigate]);
};
