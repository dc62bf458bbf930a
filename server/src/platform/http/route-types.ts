/** The types that flow from the contracts' route table into a handler. Nothing here exists at run time. */
import type { Api } from '@pm/contracts';
import type { Static, TSchema } from 'typebox';

import type { Logger } from '#platform/log.ts';
import type { TenantFacts, Tx } from '#platform/database/index.ts';

import type { Refused, Reply } from './replies.ts';
import type { SharedKind } from './shared-answers.ts';

/** A route of the product, e.g. `POST /api/portfolios`. */
export type ApiKey = keyof Api;

type Part<K extends ApiKey, Name extends string> = Api[K] extends {
  readonly [N in Name]: infer S extends TSchema;
}
  ? Static<S>
  : undefined;

/** Path parameters, validated. */
export type ParamsOf<K extends ApiKey> = Part<K, 'params'>;
/** Query parameters, validated and converted. */
export type QueryOf<K extends ApiKey> = Part<K, 'query'>;
/** The body: the bytes of a file where the contract says so, else what its schema says (maybe undefined if optional). */
export type BodyOf<K extends ApiKey> = Api[K] extends { readonly rawBody: object }
  ? Buffer
  : Api[K] extends { readonly body: infer S extends TSchema }
    ? S extends { '~optional': true }
      ? Static<S> | undefined
      : Static<S>
    : undefined;

type Answers<K extends ApiKey> = Api[K]['response'];

/** The answer bodies by status; null where the answer has no body. */
export type AnswerBody<K extends ApiKey, Status extends keyof Answers<K>> = Answers<K>[Status] extends infer S
  ? S extends TSchema
    ? Static<S>
    : null
  : never;

/** Every answer that the contract allows. */
export type ReplyOf<K extends ApiKey> = {
  [Status in keyof Answers<K> & number]: Reply<Status, AnswerBody<K, Status>>;
}[keyof Answers<K> & number];

/** Who asks. */
export type Principal = {
  readonly id: string;
  /** Null when a personal access token was used. */
  readonly sessionId: string | null;
  /** Null when a session was used. */
  readonly tokenId: string | null;
  /** When the access token ends; null for a personal access token. */
  readonly expiresAt: Temporal.Instant | null;
};

/** Who asks, and what the database says about them in this transaction. */
export type Person = Principal & TenantFacts;

type IfSignedIn<K extends ApiKey, T> = Api[K]['auth'] extends 'none' ? null : T;

/** About the connection; never needed for a result, only for records such as the list of sessions. */
export type ClientInfo = {
  readonly ip: string;
  readonly userAgent: string | null;
  /** The bearer token of the `Authorization` header, unchecked; for routes that ask for no sign-in. */
  readonly bearer: string | undefined;
  /**
   * A cookie that proves who asks.
   * @throws {AppError} 403 `cross_site_request` when the request may come from another site
   */
  credentialCookie(name: string): string | undefined;
};

/** What `prepare` gets: everything but the transaction. */
export type PrepareContext<K extends ApiKey> = {
  readonly params: ParamsOf<K>;
  readonly query: QueryOf<K>;
  readonly body: BodyOf<K>;
  /** Who asks; null on routes that ask for no sign-in. */
  readonly user: IfSignedIn<K, Principal>;
  readonly log: Logger;
  /** The moment of the request; the same in every try. */
  readonly now: Temporal.Instant;
  readonly client: ClientInfo;
  /** `Content-Type` of the request without its parameters, lower case. */
  readonly contentType: string | undefined;
  /** True when the client asked for the work to be done later (`Prefer: respond-async`). */
  readonly respondAsync: boolean;
};

/** What `handle` gets. `tx` is the only database handle in scope. */
export type HandleContext<K extends ApiKey, Prepared> = Omit<PrepareContext<K>, 'user'> & {
  readonly tx: Tx;
  readonly user: IfSignedIn<K, Person>;
  readonly prepared: Prepared;
  /** The version in `If-Match`; undefined when none was sent or it was `*`. */
  readonly ifMatch: number | undefined;
};

/** The specification's key for a route's answers, and what of a request stands in it. */
export type KeptUnder<K extends ApiKey> = {
  readonly as: SharedKind;
  readonly of: (asked: Pick<PrepareContext<K>, 'params' | 'query'>, userId: string) => string;
};

/** How a feature answers a route. */
export type RouteHandler<K extends ApiKey, Prepared> = {
  /**
   * For reads that are asked often: the answer is sent again, to the same session only, until something changes that
   * it may have come from, and for `KEPT_SECONDS` at most. Where it says under which key, also to the person's other
   * sessions and from other processes, for as long as the key's layer says.
   */
  readonly keep?: K extends `GET ${string}` ? true | KeptUnder<K> : never;
  /** Runs once, before the transaction: parsing a file, hashing a password. */
  readonly prepare?: (context: PrepareContext<K>) => Promise<Prepared> | Prepared;
  /** Runs inside the transaction, and again when that lost a race: nothing but `tx` may change anything. */
  readonly handle: (
    context: HandleContext<K, Prepared>,
  ) => Promise<ReplyOf<K> | Refused> | ReplyOf<K> | Refused;
};

/** How a feature answers a route without a transaction: only for what must answer while the database is away. */
export type OutsideHandler<K extends ApiKey> = {
  readonly handle: (context: PrepareContext<K>) => Promise<ReplyOf<K> | Refused> | ReplyOf<K> | Refused;
};
