/**
 * The one error family of the server.
 *
 * Services throw an `AppError`; the HTTP layer turns it into `application/problem+json` (RFC 9457) and the command
 * line turns it into a sentence. Anything else that is thrown is a fault of ours and is answered 500 without details.
 *
 * Contents: AppError · constructors for each status · isAppError
 */

/** One refused field of a request: `field` is its path (`qty`, `lists.sections.2`), `message` a sentence for a person. */
export type FieldError = { readonly field: string; readonly message: string };

/** What may accompany an error besides its code, status and sentence. */
export type AppErrorExtras = {
  /** Path of the one field that is to blame. */
  readonly field?: string | undefined;
  /** Several refused fields. */
  readonly errors?: readonly FieldError[] | undefined;
  /** Headers that the answer must carry, e.g. `retry-after`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The cause, for the log only; never shown to the client. */
  readonly cause?: unknown;
};

/**
 * An error that is meant for the person who asked.
 *
 * `code` is stable and snake_case: clients may branch on it. `detail` is a whole sentence and never contains secrets,
 * SQL or anything about another person's data.
 */
export class AppError extends Error {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly field: string | undefined;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;

  constructor(status: number, code: string, detail: string, extras: AppErrorExtras = {}) {
    super(detail, extras.cause === undefined ? undefined : { cause: extras.cause });
    this.name = 'AppError';
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.field = extras.field;
    this.errors = extras.errors;
    this.headers = extras.headers;
  }
}

/** True for errors that may be shown to the client as they are. */
export const isAppError = (error: unknown): error is AppError => error instanceof AppError;

/** 400: the request cannot be read as what it should be (syntax, type, shape). */
export const badRequest = (code: string, detail: string, field?: string): AppError =>
  new AppError(400, code, detail, { field });

/** 400 with every refused field named. */
export const invalidFields = (errors: readonly FieldError[]): AppError =>
  new AppError(400, 'invalid_fields', errors.map((e) => `${e.field}: ${e.message}`).join('; '), {
    errors,
    field: errors.length === 1 ? errors[0]?.field : undefined,
  });

/** 422: the request is well formed, but a rule of the domain refuses it (overselling, a weight sum of 60). */
export const unprocessable = (code: string, detail: string, field?: string): AppError =>
  new AppError(422, code, detail, { field });

/**
 * 404, also for things that exist but belong to somebody else.
 * @param what singular noun with its article left out: `portfolio`, `holding`.
 */
export const notFound = (what: string): AppError =>
  new AppError(404, 'not_found', `There is no such ${what}.`);

/** 409: the request collides with the present state (a name already taken, a twin still running). */
export const conflict = (code: string, detail: string, field?: string): AppError =>
  new AppError(409, code, detail, { field });

/** 412: the version in `If-Match` is no longer the current one; somebody else wrote in between. */
export const preconditionFailed = (): AppError =>
  new AppError(
    412,
    'version_mismatch',
    'This was changed in the meantime. Load it again and repeat your change.',
  );

/** 403: known, but not allowed. Never used for another person's data: that is `notFound`. */
export const forbidden = (code = 'forbidden', detail = 'You are not allowed to do this.'): AppError =>
  new AppError(403, code, detail);

/** 401: not signed in, or no longer. */
export const unauthorised = (code = 'unauthorised', detail = 'Sign in to do this.'): AppError =>
  new AppError(401, code, detail, { headers: { 'www-authenticate': 'Bearer' } });

/** 413: the body is larger than the named limit. */
export const tooLarge = (detail: string): AppError => new AppError(413, 'body_too_large', detail);

/** 429: too often. `retryAfterSeconds` becomes the `Retry-After` header (whole seconds, at least 1). */
export const tooManyRequests = (retryAfterSeconds: number): AppError =>
  new AppError(429, 'too_many_requests', 'Too many requests. Try again shortly.', {
    headers: retryAfter(retryAfterSeconds),
  });

/**
 * 503: overloaded or a part is missing at the moment; the same request may succeed later.
 * `retryAfterSeconds` becomes the `Retry-After` header (whole seconds, at least 1).
 */
export const unavailable = (
  retryAfterSeconds: number,
  detail = 'The service is busy or starting. Try again shortly.',
  cause?: unknown,
): AppError => new AppError(503, 'unavailable', detail, { headers: retryAfter(retryAfterSeconds), cause });

const retryAfter = (seconds: number): Record<string, string> => ({
  'retry-after': String(Math.max(1, Math.ceil(seconds))),
});
