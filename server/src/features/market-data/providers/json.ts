/**
 * Reading what a provider sent, of which nothing can be relied on. Numbers are exact text (`askJson`).
 *
 * Contents: field · list · entries · figure · text
 */
import { exactNumber } from '@pm/domain/market-data';

/** A field of an object; undefined for anything else. */
export const field = (value: unknown, ...path: readonly string[]): unknown => {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = Reflect.get(at, key);
  }
  return at;
};

/** An array; empty for anything else. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The values of an object; none for anything else. */
export const entries = (value: unknown): readonly unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

/** A number as plain decimal text; null for anything else. */
export const figure = (value: unknown): string | null =>
  typeof value === 'string' ? exactNumber(value) : null;

export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
