/**
 * What a history is asked of: a whole portfolio, or some of its holdings.
 *
 * Contents: Scope · readScope
 */
import { unprocessable } from '#platform/errors.ts';

import type { HistoryHolding } from './history.ts';

const KINDS = ['account', 'wrapper', 'theme', 'section', 'holding'] as const;

/** `chosen` is null for the whole portfolio. */
export type Scope = {
  readonly text: string;
  readonly name: string | null;
  readonly chosen: ((holding: HistoryHolding) => boolean) | null;
};

const WHOLE: Scope = { text: 'portfolio', name: null, chosen: null };

/** @throws {AppError} 422 naming `scope` */
export const readScope = (text: string | undefined): Scope => {
  if (text === undefined || text === 'portfolio') return WHOLE;
  const [kind = '', ...rest] = text.split(':');
  const name = rest.join(':');
  const known = KINDS.find((one) => one === kind);
  if (known === undefined || name === '') {
    throw unprocessable(
      'invalid_scope',
      'scope must be portfolio, or account:, wrapper:, theme:, section: with a name, or holding: with an id.',
      'scope',
    );
  }
  // A holding that was asked for by name is shown whether or not it counts in the totals.
  const chosen = (one: HistoryHolding): boolean =>
    known === 'holding' ? one.id === name : one.include && (one[known] ?? 'other') === name;
  return { text, name, chosen };
};
