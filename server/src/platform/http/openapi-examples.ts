/**
 * The examples of the API's reference: requests that a test sent to a running install, with what was answered.
 * `docs/generated/examples.json` holds them; server/src/entry/api-examples.test.ts records and compares them.
 */

export type RouteExample = {
  /** What happens, in a sentence. */
  readonly says: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  /** JSON, or the text of a file; absent where there is none, or none that could be read. */
  readonly body?: unknown;
  readonly status: number;
  /** JSON, or the text of a file. */
  readonly answer?: unknown;
};

/** A refusal, or a message of the live stream. */
export type ShownValue = { readonly says: string; readonly value: unknown };

export type ApiExamples = {
  /** By route. */
  readonly routes: Readonly<Record<string, RouteExample>>;
  /** By code. */
  readonly problems: Readonly<Record<string, ShownValue>>;
  /** What goes to and fro on the live stream. */
  readonly stream: Readonly<Record<'follow' | 'ready' | 'following', ShownValue>>;
};

type Json = Record<string, unknown>;

/** `{ example }` where there is something to show, for a parameter or a kind of content. */
export const shown = (value: unknown): Json => (value === undefined ? {} : { example: value });

/** The examples of something that has several. */
export const shownAll = (values: Readonly<Record<string, ShownValue>>): Json => ({
  examples: Object.fromEntries(
    Object.entries(values).map(([name, { says, value }]) => [name, { summary: says, value }]),
  ),
});
