import { describe, expect, it } from 'vitest';

import { createChangeBook } from './changes.ts';
import type { ChangeBook, Mark } from './changes.ts';

const [ANNA, BEN, CEM] = ['anna', 'ben', 'cem'];

const listeningBook = (peopleMax?: number): ChangeBook => {
  const book = createChangeBook(peopleMax);
  book.setListening(true);
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
    book.noteAll();
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
});
