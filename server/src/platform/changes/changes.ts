/**
 * Who was told of changes, and when: what makes it safe to answer with something kept from before.
 *
 * A reader takes a mark before it reads; what it read may be used again for as long as nothing that it came from has
 * changed since. Contents: Changes · createChangeBook
 */
import { LRUCache } from 'lru-cache';

/** A moment in the order of changes, as this process saw them. */
export type Mark = number;

/** What readers ask. */
export type Changes = {
  /** Taken before reading; undefined while changes cannot be heard, when nothing may be kept or used again. */
  mark(): Mark | undefined;
  /** True when, since the mark, nothing of these people changed, nor anything that everybody shares. */
  unchangedSince(mark: Mark, people: readonly string[]): boolean;
  /** This process itself changed something of a person, or in their name: they see it in their next answer. */
  note(person: string): void;
};

/** What the listener writes down. */
export type ChangeBook = Changes & {
  noteAll(): void;
  /** Whether changes are heard; whatever happened while they were not may have changed everything. */
  setListening(listening: boolean): void;
};

/** People whose last change is remembered one by one; for the others, the oldest one forgotten counts. */
const PEOPLE_MAX = 20_000;

/** The book of one process. It hears nothing until it is told that somebody listens. */
export const createChangeBook = (peopleMax = PEOPLE_MAX): ChangeBook => {
  let now: Mark = 0;
  let changedForAll: Mark = 0;
  let listening = false;
  const changedFor = new LRUCache<string, Mark>({
    max: peopleMax,
    dispose: (mark, _person, reason) => {
      if (reason === 'evict') changedForAll = Math.max(changedForAll, mark);
    },
  });
  const noteAll = (): void => {
    now += 1;
    changedForAll = now;
    changedFor.clear();
  };
  return {
    mark: () => (listening ? now : undefined),
    unchangedSince: (mark, people) =>
      listening && changedForAll <= mark && people.every((person) => (changedFor.get(person) ?? 0) <= mark),
    note: (person) => {
      now += 1;
      changedFor.set(person, now);
    },
    noteAll,
    setListening: (is) => {
      if (is && !listening) noteAll();
      listening = is;
    },
  };
};
