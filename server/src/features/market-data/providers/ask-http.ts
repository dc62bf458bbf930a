/**
 * Questions over HTTP: in time, in size, tried again where that helps, and with a reason in words when they fail.
 * Keys travel in headers only, so that no address that is logged or shown has one.
 *
 * Contents: Question · askText · askJson · exactJson
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { ProviderError } from './provider.ts';

const TIMEOUT_MS = 15_000;
/** Thirty years of daily bars as JSON take about 1 MB. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Tries in all for what may pass by itself: no connection, no answer in time, a fault of theirs. */
const MAX_TRIES = 3;
/** The pause before the next try: a random part of this, doubled each time. */
const RETRY_PAUSE_MS = 400;
/** The longest that a provider may send us away for. */
const MAX_RETRY_AFTER_SECONDS = 86_400;

export type Question = {
  /** Who is asked, as it stands in a sentence. */
  readonly who: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  readonly maxBytes?: number | undefined;
  /** Statuses whose bodies say more than the status does; others are failures. */
  readonly alsoRead?: readonly number[];
};

export type TextAnswer = { readonly status: number; readonly text: string };

/** The body of an answer as text. @throws {ProviderError} */
export const askText = async (question: Question): Promise<TextAnswer> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await askOnce(question);
    } catch (error) {
      const isWorthIt = error instanceof ProviderError && error.failure === 'unreachable';
      if (!isWorthIt || attempt >= MAX_TRIES || question.signal?.aborted === true) throw error;
      await sleep(Math.random() * RETRY_PAUSE_MS * 2 ** attempt);
    }
  }
};

/**
 * The body of an answer as JSON in which every number is its exact text: 517.96 is `"517.96"`.
 * @throws {ProviderError} `bad_answer` for what is not JSON
 */
export const askJson = async (question: Question): Promise<{ status: number; value: unknown }> => {
  const { status, text } = await askText(question);
  return { status, value: exactJson(text, question.who) };
};

type Reviver = (
  this: unknown,
  key: string,
  value: unknown,
  context?: { readonly source?: string },
) => unknown;

/** JSON in which every number is its exact text. @throws {ProviderError} `bad_answer` for what is not JSON */
export const exactJson = (text: string, who: string): unknown => {
  const keepText: Reviver = (_key, value, context) =>
    typeof value === 'number' ? (context?.source ?? String(value)) : value;
  try {
    return JSON.parse(text, keepText);
  } catch (error) {
    const what = text.trimStart().startsWith('<') ? 'a web page' : 'text';
    throw new ProviderError('bad_answer', `${who} sent ${what} where prices were expected.`, {
      cause: error,
    });
  }
};

const askOnce = async (question: Question): Promise<TextAnswer> => {
  const { who, signal, timeoutMs = TIMEOUT_MS, maxBytes = MAX_BYTES } = question;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(question.url, {
      signal: signal === undefined ? timeout : AbortSignal.any([timeout, signal]),
      // A redirect leads to a page for people: consent, sign-in, "we have moved". Following it would carry the key along.
      redirect: 'manual',
      headers: { 'user-agent': 'portfolio-manager', ...question.headers },
    });
    const failure = failureOf(response, question);
    if (failure !== null) {
      await response.body?.cancel();
      throw failure;
    }
    return { status: response.status, text: await readText(response, maxBytes, who) };
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    if (signal?.aborted === true) {
      throw new ProviderError('interrupted', 'The question was interrupted.', { cause: error });
    }
    const why = timeout.aborted
      ? `did not answer in full within ${timeoutMs / 1000} seconds`
      : `could not be reached (${reasonOf(error)})`;
    throw new ProviderError('unreachable', `${who} ${why}.`, { cause: error });
  }
};

const failureOf = (response: Response, { who, alsoRead = [] }: Question): ProviderError | null => {
  const { status } = response;
  if (status === 429) {
    const retryAfterSeconds = retryAfter(response.headers.get('retry-after'));
    return new ProviderError('rate_limited', `${who} wants fewer requests.`, { retryAfterSeconds });
  }
  if (response.ok || alsoRead.includes(status)) return null;
  if (status >= 500) return new ProviderError('unreachable', `${who} answered with status ${status}.`);
  if (status === 401) return new ProviderError('bad_key', `${who} does not accept the key.`);
  if (status >= 300 && status < 400) {
    return new ProviderError('bad_answer', `${who} sent us on to another page instead of answering.`);
  }
  return new ProviderError('bad_answer', `${who} answered with status ${status}.`);
};

const retryAfter = (header: string | null): number | null =>
  header !== null && /^\d{1,6}$/u.test(header) ? Math.min(Number(header), MAX_RETRY_AFTER_SECONDS) : null;

const readText = async (response: Response, maxBytes: number, who: string): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Typed as a stream of anything; fetch's bodies are bytes.
  const body: AsyncIterable<Uint8Array> | null = response.body;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new ProviderError('bad_answer', `${who} sent more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

/** A Node error code such as ECONNREFUSED, which stands in the cause of fetch's own error. */
const reasonOf = (error: unknown): string => {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const code: unknown = Reflect.get(one, 'code');
    if (typeof code === 'string') return code;
  }
  return 'connection failed';
};
