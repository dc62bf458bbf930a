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
  /**
   * What has been heard of these people and of what everybody shares, as a text that is the same in every process that
   * has heard the same; undefined while that is not known.
   */
  versionOf(people: readonly string[]): Promise<string | undefined>;
};

/** What the listener writes down. */
export type ChangeBook = Omit<Changes, 'versionOf'> & {
  /** What was told: the number of the transaction that changed something of a person, or of everybody. */
  told(person: string | null, transaction: string): void;
  /** True while this process changed something of one of them of which it has not yet been told. */
  isAhead(people: readonly string[]): boolean;
  /** Everything was heard that was told until now. */
  caughtUp(people: readonly string[]): void;
  versionOf(people: readonly string[]): string | undefined;
  /**
   * Whether changes are heard; whatever happened while they were not may have changed everything.
   * @param start what is the same for all processes that began to listen with nothing told between them
   */
  setListening(listening: boolean, start?: Start): void;
};

/** Where listening began: as to what everybody shares, and as to what each person has. */
export type Start = { readonly all: string; readonly each: string };

/** People whose last change is remembered one by one; for the others, the oldest one forgotten counts. */
const PEOPLE_MAX = 20_000;

type Entry = { readonly mark: Mark; readonly told: string; readonly isAhead: boolean };
const NOTHING_HEARD: Entry = { mark: 0, told: '', isAhead: false };

/** The book of one process. It hears nothing until it is told that somebody listens. */
export const createChangeBook = (peopleMax = PEOPLE_MAX): ChangeBook => {
  let now: Mark = 0;
  let changedForAll: Mark = 0;
  let toldOfAll = '';
  let toldOfEach = '';
  let listening = false;
  const entries = new LRUCache<string, Entry>({
    max: peopleMax,
    dispose: (entry, person, reason) => {
      if (reason !== 'evict') return;
      changedForAll = Math.max(changedForAll, entry.mark);
      // What was told of somebody forgotten counts as told of all: nobody else's version is the same then.
      toldOfAll = `${person} ${entry.told}`;
    },
  });
  const entryOf = (person: string): Entry => entries.get(person) ?? NOTHING_HEARD;
  const changeAll = (told: string, each: string): void => {
    now += 1;
    changedForAll = now;
    toldOfAll = told;
    toldOfEach = each;
    const ahead = [...entries].filter(([, entry]) => entry.isAhead);
    entries.clear();
    for (const [person] of ahead) entries.set(person, { ...NOTHING_HEARD, isAhead: true });
  };
  return {
    mark: () => (listening ? now : undefined),
    unchangedSince: (mark, people) =>
      listening && changedForAll <= mark && people.every((person) => entryOf(person).mark <= mark),
    note: (person) => {
      now += 1;
      entries.set(person, { ...entryOf(person), mark: now, isAhead: true });
    },
    told: (person, transaction) => {
      if (person === null) {
        changeAll(transaction, '');
        return;
      }
      now += 1;
      entries.set(person, { ...entryOf(person), mark: now, told: transaction });
    },
    isAhead: (people) => people.some((person) => entryOf(person).isAhead),
    caughtUp: (people) => {
      for (const person of people) {
        const entry = entries.get(person);
        if (entry?.isAhead === true) entries.set(person, { ...entry, isAhead: false });
      }
    },
    versionOf: (people) => {
      if (!listening || toldOfAll === '' || people.some((person) => entryOf(person).isAhead)) {
        return undefined;
      }
      return [
        toldOfAll,
        ...people.toSorted().map((person) => `${person} ${entryOf(person).told || toldOfEach}`),
      ].join(',');
    },
    setListening: (is, start) => {
      if (is && !listening) {
        changeAll(start?.all ?? '', start?.each ?? '');
      }
      listening = is;
    },
  };
};
