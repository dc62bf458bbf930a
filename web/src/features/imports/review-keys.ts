/** What a key does in the list of questions. */
export type ReviewAct =
  | { readonly kind: 'move'; readonly to: number }
  | { readonly kind: 'choose'; readonly candidate: number }
  | { readonly kind: 'same' }
  | { readonly kind: 'different' };

type Where = { readonly at: number; readonly count: number; readonly candidates: number };
type Key = {
  readonly key: string;
  readonly altKey?: boolean;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
};

/** Reads a key pressed in the list; undefined for a key that means nothing there, or something to the browser. */
export const reviewAct = (event: Key, { at, count, candidates }: Where): ReviewAct | undefined => {
  if ([event.altKey, event.ctrlKey, event.metaKey].includes(true) || count === 0) return undefined;
  const key = event.key.toLowerCase();
  if (key === 'j') return { kind: 'move', to: Math.min(at + 1, count - 1) };
  if (key === 'k') return { kind: 'move', to: Math.max(at - 1, 0) };
  if (key === 's' && candidates > 0) return { kind: 'same' };
  if (key === 'd') return { kind: 'different' };
  const digit = Number(/^[1-9]$/.exec(key)?.[0] ?? 0);
  return digit > 0 && digit <= candidates ? { kind: 'choose', candidate: digit - 1 } : undefined;
};
