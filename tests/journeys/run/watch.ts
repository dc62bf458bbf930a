/**
 * Watches a browser context while a story is told and writes down whatever should not have happened: errors on the
 * console, refused policies, failed or repeated requests, requests to other places.
 *
 *   const watch = await watchContext(context, product.url);
 *   await watch.provoking(/trades/u, async () => …);   // refusals that the story asks for
 *   watch.findings                                     // what is wrong so far
 *
 * Contents: watchContext
 */
import type { BrowserContext, Frame, Page, Request, Response } from 'playwright';

import { keepDiary, readDiary } from './in-page.ts';

/** Core Web Vitals: above this the page moves under the reader's finger. */
const SHIFT_MAX = 0.1;

/** Chromium's own line for each failed request, which is reported as a request already. */
const FAILED_LOAD = /^Failed to load resource/u;
/** What a page that cannot be loaded says on the console, while the story takes the connection away. */
const PROVOKED_ERROR = /ApiOffline|Failed to fetch dynamically imported module/u;
/** Who is there? Nobody signed in can be known only by asking. */
const WHO_IS_THERE = /\/api\/(?:me|auth\/refresh)$/u;
const HTTP_ERROR = 400;
/** An answer whose body the page never reads does not count as finished; after this time it is taken to be over. */
const UNREAD_MS = 300;
const UNAUTHORISED = 401;

export type Watch = {
  readonly findings: string[];
  /** Requests that are on their way. */
  readonly inFlight: ReadonlySet<Request>;
  /** Everything that the API answered, as texts: the data that a page may show untranslated. */
  readonly answers: ReadonlyMap<string, string>;
  /** Requests to matching addresses may fail while `act` runs. */
  provoking<T>(addresses: RegExp, act: () => Promise<T>): Promise<T>;
  /** From here on every address may be asked for once until `endLoad`. */
  beginLoad(): void;
  endLoad(): void;
  /** Reads what the page's own observers saw. */
  readPage(page: Page, where: string): Promise<void>;
};

type State = {
  readonly origin: string;
  readonly findings: string[];
  readonly inFlight: Set<Request>;
  readonly answers: Map<string, string>;
  provoked: RegExp[];
  loaded: Map<string, number> | null;
  /** Until the new page takes its place, it is the page before that asks. */
  isPageBefore: boolean;
};

const pathOf = (state: State, url: string): string => url.replace(state.origin, '');

const isProvoked = (state: State, url: string): boolean =>
  state.provoked.some((pattern) => pattern.test(pathOf(state, url)));

/** What the page asks for; the browser itself asks for the page's icon when it likes. */
const isPageGet = (request: Request): boolean =>
  request.method() === 'GET' && request.resourceType() !== 'other';

const onRequest = (state: State, request: Request): void => {
  const url = request.url();
  if (/^(?:data|blob):/u.test(url)) return;
  if (!url.startsWith(`${state.origin}/`)) state.findings.push(`a request to another place: ${url}`);
  if (isPageGet(request)) {
    const twin = [...state.inFlight].find((other) => isPageGet(other) && other.url() === url);
    if (twin !== undefined) state.findings.push(`asked twice at once: ${pathOf(state, url)}`);
    state.loaded?.set(url, (state.loaded.get(url) ?? 0) + 1);
  }
  state.inFlight.add(request);
};

/** What the page before asked for to the last does not count as asked for by the new one. */
const onNavigated = (state: State, page: Page, frame: Frame): void => {
  if (!state.isPageBefore || frame !== page.mainFrame()) return;
  state.loaded?.clear();
  state.isPageBefore = false;
};

const onResponse = (state: State, response: Response): void => {
  const status = response.status();
  const url = response.url();
  setTimeout(() => state.inFlight.delete(response.request()), UNREAD_MS).unref();
  if (status < HTTP_ERROR || isProvoked(state, url)) return;
  if (status === UNAUTHORISED && WHO_IS_THERE.test(url)) return;
  state.findings.push(`answered ${status}: ${response.request().method()} ${pathOf(state, url)}`);
};

const onFailed = (state: State, request: Request): void => {
  state.inFlight.delete(request);
  const why = request.failure()?.errorText ?? '';
  // What a page asked for and no longer needs is given up when it is left.
  if (why === 'net::ERR_ABORTED' || isProvoked(state, request.url())) return;
  state.findings.push(`failed (${why}): ${request.method()} ${pathOf(state, request.url())}`);
};

const onFinished = async (state: State, request: Request): Promise<void> => {
  state.inFlight.delete(request);
  const url = request.url();
  const response = await request.response().catch(() => null);
  if (response === null) return;
  if (url.includes('/api/')) {
    const text = await response.text().catch(() => '');
    state.answers.set(`${request.method()} ${url}`, text);
  }
};

const listen = (state: State, context: BrowserContext): void => {
  context.on('request', (request) => onRequest(state, request));
  context.on('page', (page) => page.on('framenavigated', (frame) => onNavigated(state, page, frame)));
  context.on('response', (response) => onResponse(state, response));
  context.on('requestfailed', (request) => onFailed(state, request));
  context.on('requestfinished', (request) => void onFinished(state, request));
  context.on('weberror', (error) => state.findings.push(`an error nobody caught: ${error.error().message}`));
  context.on('console', (message) => {
    const text = message.text();
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (FAILED_LOAD.test(text) || (state.provoked.length > 0 && PROVOKED_ERROR.test(text))) return;
    state.findings.push(`console ${message.type()}: ${text.slice(0, 300)}`);
  });
};

const readPage = async (state: State, page: Page, where: string): Promise<void> => {
  const diary = await page.evaluate(readDiary);
  for (const violation of diary.policy) state.findings.push(`policy on ${where}: ${violation}`);
  if (diary.shift > SHIFT_MAX) {
    const what = diary.shifted.slice(-3).join(' | ');
    state.findings.push(`${where} shifts by ${diary.shift.toFixed(3)}, more than ${SHIFT_MAX}: ${what}`);
  }
};

const endLoad = (state: State): void => {
  for (const [url, times] of state.loaded ?? []) {
    if (times > 1) state.findings.push(`asked ${times} times in one load: ${pathOf(state, url)}`);
  }
  state.loaded = null;
};

/** Starts watching every page of a context. */
export const watchContext = async (context: BrowserContext, origin: string): Promise<Watch> => {
  const state: State = {
    origin,
    findings: [],
    inFlight: new Set(),
    answers: new Map(),
    provoked: [],
    loaded: null,
    isPageBefore: false,
  };
  listen(state, context);
  await context.addInitScript(keepDiary);
  return {
    findings: state.findings,
    inFlight: state.inFlight,
    answers: state.answers,
    provoking: async (addresses, act) => {
      state.provoked = [...state.provoked, addresses];
      try {
        return await act();
      } finally {
        state.provoked = state.provoked.filter((one) => one !== addresses);
      }
    },
    beginLoad: () => {
      state.loaded = new Map();
      state.isPageBefore = true;
    },
    endLoad: () => endLoad(state),
    readPage: async (page, where) => readPage(state, page, where),
  };
};
