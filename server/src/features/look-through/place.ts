/** Where a page of companies begins. Contents: Sort · Order · Place · placeOrder · placeText · readPlace */
import { badCursor } from '#platform/paging.ts';

/** By share or by name. */
export type Sort = 'pct' | 'name';

/** Where a company stands in a list: by its share to nine places, or by its name; then by its id. */
export type Place = { readonly pct: number; readonly name: string; readonly id: string };

export type Order = { readonly by: Sort; readonly isUp: boolean };

/** Compares places in an order; equals stand by id. */
export const placeOrder = ({ by, isUp }: Order): ((a: Place, b: Place) => number) => {
  const up = (a: Place, b: Place): number =>
    by === 'pct' ? a.pct - b.pct : Number(a.name > b.name) - Number(a.name < b.name);
  return (a, b) => (isUp ? up(a, b) : up(b, a)) || (a.id < b.id ? -1 : Number(a.id > b.id));
};

const PLACE = /^(pct|name) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (.*)$/su;

/** A place as the cursor of the next page. */
export const placeText = ({ pct, name, id }: Place, by: Sort): string =>
  Buffer.from(`${by} ${id} ${by === 'pct' ? pct : name}`).toString('base64url');

/** @throws {AppError} 400 `bad_cursor` for text that no answer in this order ever held */
export const readPlace = (cursor: string, by: Sort): Place => {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, sort, id = '', key = ''] = PLACE.exec(text) ?? [];
  const pct = by === 'pct' ? Number(key) : 0;
  if (sort !== by || !Number.isSafeInteger(pct)) throw badCursor();
  return { pct, name: key, id };
};
