import { describe, expect, it } from 'vitest';

import { createChangeBook } from './changes.ts';
import type { ChangeBook, Mark } from './changes.ts';

const [ANNA, BEN, CEM] = ['anna', 'ben', 'cem'];

const listeningBook = (peopleMax?: number): ChangeBook => {
  const book = createChangeBook(peopleMax);
  book.setListening(true, { all: 'all 1', each: 'each 1' });
  return book;
};
const markOf = (book: ChangeBook): Mark => {
  const mark = book.mark();
  if (mark === undefined) throw new Error('The book is not listening.');
  return mark;
};

describe('the book of changes', () => {
  it('knows whose things changed since a mark', () => {
    const book = listeningBook();
    const before = markOf(book);
    expect(book.unchangedSince(before, [ANNA, BEN])).toBe(true);
    book.note(BEN);
    expect(book.unchangedSince(before, [ANNA])).toBe(true);
    expect(book.unchangedSince(before, [ANNA, BEN])).toBe(false);
    expect(book.unchangedSince(markOf(book), [ANNA, BEN])).toBe(true);
  });

  it('takes a change of what all share for everybody’s', () => {
    const book = listeningBook();
    const before = markOf(book);
    book.told(null, '7');
    expect(book.unchangedSince(before, [ANNA])).toBe(false);
    expect(book.unchangedSince(markOf(book), [ANNA])).toBe(true);
  });

  it('trusts nothing while nobody listens, nor what was marked before', () => {
    const book = listeningBook();
    const before = markOf(book);
    book.setListening(false);
    expect(book.mark()).toBeUndefined();
    expect(book.unchangedSince(before, [ANNA])).toBe(false);
    book.setListening(true);
    expect(book.unchangedSince(before, [ANNA])).toBe(false);
    expect(book.unchangedSince(markOf(book), [ANNA])).toBe(true);
  });

  it('has forgotten no change when it forgets a person', () => {
    const book = listeningBook(2);
    const before = markOf(book);
    book.note(ANNA);
    const after = markOf(book);
    book.note(BEN);
    book.note(CEM);
    expect(book.unchangedSince(before, [ANNA])).toBe(false);
    expect(book.unchangedSince(after, [ANNA])).toBe(true);
  });

  it('has one version in processes that heard the same, whenever they began to listen', () => {
    const [one, other] = [listeningBook(), createChangeBook()];
    one.told(ANNA, '10');
    other.setListening(true, { all: 'all 1', each: 'each 2' });
    expect(one.versionOf([ANNA])).not.toBe(other.versionOf([ANNA]));
    expect(one.versionOf([BEN])).not.toBe(other.versionOf([BEN]));
    for (const book of [one, other]) book.told(BEN, '10');
    expect(one.versionOf([BEN])).toBe(other.versionOf([BEN]));
    for (const book of [one, other]) book.told(null, '11');
    expect(one.versionOf([ANNA, BEN])).toBe(other.versionOf([BEN, ANNA]));
    one.told(BEN, '12');
    expect(one.versionOf([ANNA])).toBe(other.versionOf([ANNA]));
    expect(one.versionOf([ANNA, BEN])).not.toBe(other.versionOf([ANNA, BEN]));
    other.told(BEN, '12');
    expect(one.versionOf([ANNA, BEN])).toBe(other.versionOf([ANNA, BEN]));
    expect(one.versionOf([ANNA, BEN])).not.toBe(one.versionOf([BEN]));
  });

  it('has no version while it is ahead of what was told, whatever else is told meanwhile, nor while nobody listens', () => {
    const book = listeningBook();
    book.note(ANNA);
    expect(book.versionOf([ANNA])).toBeUndefined();
    expect(book.versionOf([BEN])).toBeDefined();
    book.told(null, '20');
    expect(book.isAhead([ANNA])).toBe(true);
    book.told(ANNA, '21');
    book.caughtUp([ANNA]);
    expect(book.versionOf([ANNA])).toContain('21');
    book.setListening(false);
    expect(book.versionOf([BEN])).toBeUndefined();
  });
});
