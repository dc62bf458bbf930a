/**
 * What travels over the WebSocket `/api/stream`: one JSON object a message.
 *
 * Contents: LivePrice · StreamRequest (from the client) · StreamMessage (from the server) · STREAM_PROTOCOL · CLOSE_CODES
 */
import Type from 'typebox';
import type { Static } from 'typebox';

import {
  Closed,
  CurrencyCode,
  DecimalText,
  Instant,
  Literals,
  Nullable,
  QuoteUnitCode,
  Uuid,
} from './common.ts';

/** The subprotocol. A token may stand beside it as `bearer.<token>`: browsers send no headers of ours. */
export const STREAM_PROTOCOL = 'pm.v1';

/** Instruments of one's own that one connection follows; as many others may be named besides. */
export const MAX_FOLLOWED = 1_000;
/** Instruments that one message may name. */
export const MAX_NAMED = 500;

/** Why the server closed a connection, and whether to come back: see docs/guides/live-stream.md. */
export const CLOSE_CODES = {
  /** The access token has expired: refresh it and come back with the cursor. */
  tokenExpired: 4401,
  /** The session or personal token was revoked: sign in again. */
  signedOut: 4403,
  /** Messages were not read for too long: come back with the cursor. */
  tooSlow: 4408,
  /** Too many connections or messages. */
  tooMany: 4429,
  /** A message that is not understood. */
  notUnderstood: 4400,
} as const;

/** The newest price of one kind of the line that counts for an instrument, or that there is none any more. */
export const LivePrice = Closed({
  instrumentId: Uuid,
  listingId: Uuid,
  kind: Literals(['live', 'close']),
  seq: Type.Integer({
    description:
      'Of two messages for one line and kind the higher one is the newer state; 0: the state at this moment',
  }),
  price: Nullable(
    Closed({
      close: DecimalText,
      currency: CurrencyCode,
      quoted: Closed({ close: DecimalText, unit: QuoteUnitCode }),
      dateTime: Instant,
      source: Type.String(),
      interval: Type.String(),
    }),
  ),
});

const Instruments = Type.Array(Uuid, { minItems: 1, maxItems: MAX_NAMED });

const since = Type.Optional(
  Type.String({
    pattern: '^[0-9]{1,19}\\.[0-9]{1,18}$',
    description: 'The last cursor of an earlier connection: what was missed follows',
  }),
);

export const StreamRequest = Type.Union([
  Closed({ type: Type.Literal('follow'), instruments: Instruments, since }),
  Closed({
    type: Type.Literal('follow'),
    held: Type.Literal(true, { description: 'All that you hold, watch or see held in a shared portfolio' }),
    since,
  }),
  Closed({ type: Type.Literal('unfollow'), instruments: Instruments }),
]);

export const StreamMessage = Type.Union([
  Closed({ type: Type.Literal('ready'), expiresAt: Nullable(Instant) }),
  Closed({
    type: Type.Literal('following'),
    instruments: Type.Array(Uuid),
    unknown: Type.Array(Uuid, { description: 'Instruments that you do not see, or that have no line' }),
    complete: Type.Boolean({
      description: 'False: messages since the cursor are gone; prices are the present state',
    }),
    prices: Type.Array(LivePrice),
    cursor: Type.String(),
  }),
  Closed({ type: Type.Literal('prices'), prices: Type.Array(LivePrice), cursor: Type.String() }),
  Closed({ type: Type.Literal('alive'), cursor: Type.String() }),
]);

export type LivePrice = Static<typeof LivePrice>;
export type StreamRequest = Static<typeof StreamRequest>;
export type StreamMessage = Static<typeof StreamMessage>;
