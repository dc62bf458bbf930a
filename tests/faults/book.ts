/**
 * What was asked of the product, and what it said to each: the other side of the comparison.
 *
 * Every write has a place, where it can be found again (a note, an instant, a fund's day), and figures, which must read
 * there exactly so. Writes to the same place replace each other, in their order.
 */
import type { Outcome, StoredRequest } from './client.ts';

/** What the product said to a write. */
export type Standing =
  /** It is done: 2xx. */
  | 'acknowledged'
  /** It will be done: 202. */
  | 'accepted'
  /** No answer, or that it cannot be said now. */
  | 'unanswered'
  /** It is not done, for good. */
  | 'refused';

export type Write = {
  /** Its Idempotency-Key. */
  readonly id: string;
  readonly place: string;
  readonly figures: string;
  readonly request: StoredRequest;
  readonly round: number;
  standing: Standing;
  /** The first answer, as text. */
  answer: string | undefined;
};

export type Book = {
  readonly writes: readonly Write[];
  /** Notes a write before it is sent. */
  open(write: Omit<Write, 'standing' | 'answer' | 'round'>): Write;
  /** Notes what came of it. */
  close(write: Write, outcome: Outcome): void;
  /** Writes from now on belong to this round. */
  turnTo(round: number): void;
  ofRound(round: number): readonly Write[];
};

const ACCEPTED = 202;

/** Makes an empty book. */
export const createBook = (): Book => {
  const writes: Write[] = [];
  let current = 0;
  return {
    writes,
    open: (write) => {
      const opened: Write = { ...write, round: current, standing: 'unanswered', answer: undefined };
      writes.push(opened);
      return opened;
    },
    close: (write, outcome) => Object.assign(write, standingOf(outcome)),
    turnTo: (round) => {
      current = round;
    },
    ofRound: (round) => writes.filter((write) => write.round === round),
  };
};

/** What an outcome means for its write. */
export const standingOf = (outcome: Outcome): Pick<Write, 'standing' | 'answer'> => {
  if (outcome.kind === 'unanswered' || outcome.status >= 500) {
    return {
      standing: 'unanswered',
      answer: outcome.kind === 'unanswered' ? outcome.reason : `${outcome.status}`,
    };
  }
  const answer = JSON.stringify(outcome.body);
  if (outcome.status === ACCEPTED) return { standing: 'accepted', answer };
  return { standing: outcome.status < 300 ? 'acknowledged' : 'refused', answer };
};
