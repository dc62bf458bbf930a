/** One wrong field, in words for the person who typed it. */
export type FieldProblem = { readonly field: string; readonly message: string };

/** The body of an RFC 9457 answer, as far as the client reads it. */
type ProblemBody = {
  readonly title?: string;
  readonly detail?: string;
  readonly code?: string;
  readonly field?: string;
  readonly errors?: readonly FieldProblem[];
  readonly requestId?: string;
};

/** A refusal or failure that the server put into words (problem+json). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  /** Stable machine-readable code, such as `validation` or `trade.oversold`. */
  readonly code: string;
  readonly fields: readonly FieldProblem[];
  readonly requestId: string | undefined;
  /** Seconds that the server asks us to wait (429, 503). */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: ProblemBody, retryAfter?: number) {
    super(body.detail ?? body.title ?? `The server answered ${status}`);
    this.status = status;
    this.code = body.code ?? `http.${status}`;
    this.fields =
      body.errors ?? (body.field === undefined ? [] : [{ field: body.field, message: this.message }]);
    this.requestId = body.requestId;
    this.retryAfter = retryAfter;
  }

  /** What is wrong with `field`, if anything. Accepts `qty`, `/qty` and `body.qty` alike. */
  fieldMessage(field: string): string | undefined {
    return this.fields.find((problem) => fieldName(problem.field) === field)?.message;
  }
}

/** The server could not be reached: no network, or nobody listens. */
export class ApiOffline extends Error {
  override readonly name = 'ApiOffline';
  constructor(cause: unknown) {
    super('The server cannot be reached', { cause });
  }
}

/** `/body/lists/0` and `body.lists.0` → `lists.0`: the name that a form gives the field. */
export const fieldName = (path: string): string =>
  path
    .replace(/^[/.]+/, '')
    .replaceAll('/', '.')
    .replace(/^body\./, '');

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const isFieldProblem = (value: unknown): value is FieldProblem =>
  isRecord(value) && typeof value['field'] === 'string' && typeof value['message'] === 'string';

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Reads the answer of a failed request; an answer that is not problem+json still becomes an `ApiProblem`. */
export const readProblem = async (response: Response): Promise<ApiProblem> => {
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  const wait = Number.isFinite(retryAfter) ? retryAfter : undefined;
  const parsed: unknown = await response.json().catch(() => undefined);
  if (!isRecord(parsed)) return new ApiProblem(response.status, {}, wait);
  const errors = Array.isArray(parsed['errors']) ? parsed['errors'].filter(isFieldProblem) : undefined;
  const body: Record<string, unknown> = { errors };
  for (const key of ['title', 'detail', 'code', 'field', 'requestId']) body[key] = text(parsed[key]);
  const defined = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
  return new ApiProblem(response.status, defined, wait);
};
