import { describe, expect, it } from 'vitest';
import { reviewAct } from './review-keys.ts';

const where = { at: 1, count: 3, candidates: 2 };

describe('keys of the review list', () => {
  it('moves with j and k and stays inside', () => {
    expect(reviewAct({ key: 'j' }, where)).toEqual({ kind: 'move', to: 2 });
    expect(reviewAct({ key: 'j' }, { ...where, at: 2 })).toEqual({ kind: 'move', to: 2 });
    expect(reviewAct({ key: 'K' }, { ...where, at: 0 })).toEqual({ kind: 'move', to: 0 });
  });

  it('decides with s and d, and s only where there is somebody to be the same as', () => {
    expect(reviewAct({ key: 's' }, where)).toEqual({ kind: 'same' });
    expect(reviewAct({ key: 'd' }, where)).toEqual({ kind: 'different' });
    expect(reviewAct({ key: 's' }, { ...where, candidates: 0 })).toBeUndefined();
  });

  it('chooses a candidate that exists', () => {
    expect(reviewAct({ key: '2' }, where)).toEqual({ kind: 'choose', candidate: 1 });
    expect(reviewAct({ key: '3' }, where)).toBeUndefined();
    expect(reviewAct({ key: '0' }, where)).toBeUndefined();
  });

  it('leaves the browser its own keys', () => {
    expect(reviewAct({ key: 's', ctrlKey: true }, where)).toBeUndefined();
    expect(reviewAct({ key: 'd', metaKey: true }, where)).toBeUndefined();
    expect(reviewAct({ key: 'j' }, { at: 0, count: 0, candidates: 0 })).toBeUndefined();
  });
});
