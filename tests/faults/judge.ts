/**
 * Compares what was asked with what is there. Pure, so that it can be shown to find what it must find (self-test.ts).
 *
 * Contents: judge · judgeRepeat · describeProblem
 */
import type { Outcome } from './client.ts';
import type { Write } from './book.ts';

/** What is there: for each place that was looked at, the figures of all that was found there. */
export type Observed = {
  /** True when the whole of what such a place can be was read, so that nothing there means nothing is there. */
  readonly covers: (place: string) => boolean;
  readonly found: ReadonlyMap<string, readonly string[]>;
};

export type ProblemKind = 'lost' | 'doubled' | 'altered' | 'unasked';
export type Problem = { readonly kind: ProblemKind; readonly place: string; readonly detail: string };

/** Every place where what is there is not what was said. */
export const judge = (writes: readonly Write[], observed: Observed): readonly Problem[] => {
  const byPlace = Map.groupBy(writes, ({ place }) => place);
  const problems = [...byPlace].flatMap(([place, here]) =>
    observed.covers(place) ? judgePlace(place, here, observed.found.get(place) ?? []) : [],
  );
  for (const [place, found] of observed.found) {
    if (!byPlace.has(place)) {
      problems.push({ kind: 'unasked', place, detail: `nobody asked for ${found.join(' and ')}` });
    }
  }
  return problems;
};

const judgePlace = (place: string, writes: readonly Write[], found: readonly string[]): Problem[] => {
  let allowed: string[] = [];
  let mayBeAbsent = true;
  for (const { standing, figures } of writes) {
    if (standing === 'acknowledged') {
      allowed = [figures];
      mayBeAbsent = false;
    } else if (standing !== 'refused') allowed.push(figures);
  }
  const [first] = found;
  if (first === undefined) {
    return mayBeAbsent ? [] : [{ kind: 'lost', place, detail: `${allowed.join(' or ')} is not there` }];
  }
  if (found.length > 1) {
    return [{ kind: 'doubled', place, detail: `${found.length} are there: ${found.join(' and ')}` }];
  }
  if (allowed.includes(first)) return [];
  if (allowed.length === 0) {
    return [{ kind: 'unasked', place, detail: `it was refused, and is there: ${first}` }];
  }
  return [{ kind: 'altered', place, detail: `${first} is there instead of ${allowed.join(' or ')}` }];
};

/**
 * Judges the answer to a write that was sent again with its key.
 * @param wasThere whether the write had been carried out before; undefined when that is not known
 * @returns what is wrong with it
 */
export const judgeRepeat = (
  write: Write,
  wasThere: boolean | undefined,
  outcome: Outcome,
): string | undefined => {
  if (outcome.kind === 'unanswered') return `${write.id}, sent again, was not answered: ${outcome.reason}`;
  if (outcome.status >= 300) {
    return `${write.id}, sent again, was answered ${outcome.status}: ${JSON.stringify(outcome.body)}`;
  }
  if (wasThere !== undefined && outcome.replayed !== wasThere) {
    return outcome.replayed
      ? `${write.id} is not there, but its answer was stored`
      : `${write.id} is there, but was carried out again when it was sent again`;
  }
  const isFirstAnswer = write.standing === 'acknowledged' || write.standing === 'accepted';
  if (isFirstAnswer && write.answer !== JSON.stringify(outcome.body)) {
    return `${write.id}, sent again, was answered otherwise: ${JSON.stringify(outcome.body)} instead of ${write.answer ?? ''}`;
  }
  return undefined;
};

/** For a line of the report. */
export const describeProblem = ({ kind, place, detail }: Problem): string =>
  `${kind.toUpperCase()} ${place}: ${detail}`;
