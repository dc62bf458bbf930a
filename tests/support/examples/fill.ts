/** Puts values in the places of a request that say `{portfolio}`. */

type Values = Readonly<Record<string, string>> | ((name: string) => string);

const PLACE = /\{([a-zA-Z]+)\}/gu;

/** The names of the places in a request, however deep; each once. */
export const placesIn = (value: unknown): readonly string[] => [
  ...new Set([...JSON.stringify(value ?? null).matchAll(PLACE)].map(([, name = '']) => name)),
];

/** A copy with every place filled. Files stay as they are. @throws {RangeError} naming a place without a value */
export const fill = (value: unknown, values: Values): unknown => {
  if (typeof value === 'string') return value.replaceAll(PLACE, (_, name: string) => valueOf(name, values));
  if (Buffer.isBuffer(value) || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => fill(one, values));
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(one, values)]));
};

const valueOf = (name: string, values: Values): string => {
  const value = typeof values === 'function' ? values(name) : values[name];
  if (value === undefined) throw new RangeError(`Nothing is known as {${name}}.`);
  return value;
};
