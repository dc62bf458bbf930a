/**
 * `GET /api/stream`: who may connect, and the life of a connection.
 *
 * A browser signs in with its cookie, which counts only when the page is of this origin; a script with `Authorization`
 * or, where it cannot set headers, with a subprotocol `bearer.<token>` beside `pm.v1`. Tokens never stand in the address.
 * Contents: registerStream
 */
import websocket from '@fastify/websocket';
import type { WebSocket } from '@fastify/websocket';
import { CLOSE_CODES, MAX_FOLLOWED, STREAM_PROTOCOL, StreamRequest } from '@pm/contracts/stream';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { AppError, isAppError, unavailable } from '../errors.ts';
import { authenticate, bearerOf } from '../http/authenticate.ts';
import type { AuthenticationParts } from '../http/authenticate.ts';
import type { LoadGauge } from '../http/overload.ts';
import { endWithProblem, toAppError } from '../http/problem.ts';
import type { Principal } from '../http/route-types.ts';
import { StreamClient } from './client.ts';
import type { Channel } from './client.ts';
import { StreamHub } from './hub.ts';
import type { HubParts } from './hub.ts';

const PATH = '/api/stream';
/** A `follow` of 500 instruments takes 20 kB. */
const MESSAGE_BYTES_MAX = 64 * 1024;
const CONNECTIONS_MAX = 5_000;
const CONNECTIONS_PER_PERSON_MAX = 20;
/** Messages that wait for their turn. */
const WAITING_MAX = 50;
/** Connections whose other end is gone are found by asking them. */
const PING_MS = 30_000;
/** After saying goodbye a client has this long to answer. */
const GOODBYE_MS = 1_000;
const COME_BACK_SECONDS = 10;
const BEARER = 'bearer.';

export type StreamParts = HubParts &
  AuthenticationParts & {
    readonly load: LoadGauge;
    /** Connections of one person; for tests. */
    readonly perPersonMax?: number;
  };

/** Registers the route. @returns the hub, for its size */
export const registerStream = async (fastify: FastifyInstance, parts: StreamParts): Promise<StreamHub> => {
  const hub = new StreamHub(parts);
  await fastify.register(websocket, {
    options: { maxPayload: MESSAGE_BYTES_MAX, handleProtocols: chooseProtocol },
    errorHandler: (_error, socket) => socket.terminate(),
    preClose: async () => {
      hub.close();
      setTimeout(() => {
        for (const socket of fastify.websocketServer.clients) socket.terminate();
      }, GOODBYE_MS).unref();
    },
  });
  fastify.route({
    method: 'GET',
    url: PATH,
    onRequest: async (request, reply) => {
      // A connection lasts for minutes and is no request under way.
      if (request.countsAsLoad) parts.load.leave();
      request.countsAsLoad = false;
      try {
        request.principal = await admit(request, hub, parts);
      } catch (error) {
        if (!request.ws) throw error;
        // The plugin cuts a refused connection before its answer is out.
        reply.hijack();
        endWithProblem(request.raw.socket, toAppError(error), request.id);
      }
    },
    handler: async (_request, reply) => {
      reply.header('upgrade', 'websocket');
      throw new AppError(426, 'upgrade_required', 'This is a WebSocket; connect to it with that protocol.');
    },
    wsHandler: (socket, request) => serve(socket, request, hub, parts),
  });
  return hub;
};

const chooseProtocol = (offered: ReadonlySet<string>): string | false =>
  offered.has(STREAM_PROTOCOL) ? STREAM_PROTOCOL : false;

/** @throws {AppError} 401; 403 for a page of another origin; 429 and 503 for too many */
const admit = async (request: FastifyRequest, hub: StreamHub, parts: StreamParts): Promise<Principal> => {
  const { origin } = request.headers;
  const bearer = bearerOf(request) ?? offeredBearer(request);
  // A cookie proves nothing about the page that connects: browsers send it along from anywhere.
  const isOurs = origin === undefined ? bearer !== undefined : URL.parse(origin)?.host === request.host;
  if (!isOurs) {
    throw new AppError(403, 'cross_site_request', 'This connection does not come from a page of this site.');
  }
  const principal = await authenticate(request, parts, bearer);
  if (hub.size >= CONNECTIONS_MAX) throw unavailable(COME_BACK_SECONDS, 'Too many people listen just now.');
  const { perPersonMax = CONNECTIONS_PER_PERSON_MAX } = parts;
  if (hub.countOf(principal.id) < perPersonMax) return principal;
  const detail = `You have ${perPersonMax} connections already; close one of them.`;
  throw new AppError(429, 'too_many_connections', detail);
};

const offeredBearer = (request: FastifyRequest): string | undefined =>
  request.headers['sec-websocket-protocol']
    ?.split(',')
    .map((one) => one.trim())
    .find((one) => one.startsWith(BEARER))
    ?.slice(BEARER.length);

const isRequest = (() => {
  const ajv = new Ajv({ strict: true });
  addFormats.default(ajv);
  return ajv.compile<StreamRequest>(StreamRequest);
})();

const channelOf = (socket: WebSocket): Channel => ({
  get bufferedAmount() {
    return socket.bufferedAmount;
  },
  send: (text) => {
    if (socket.readyState === socket.OPEN) socket.send(text);
  },
  close: (code, reason) => socket.close(code, reason),
  terminate: () => socket.terminate(),
});

/** One connection from its first message to its last. */
const serve = (socket: WebSocket, request: FastifyRequest, hub: StreamHub, { log }: StreamParts): void => {
  const { principal } = request;
  if (principal === null) throw new Error('Nobody connects without having signed in.');
  const { id: userId, sessionId, tokenId, expiresAt } = principal;
  const client = new StreamClient(
    channelOf(socket),
    { userId, sessionId, tokenId },
    expiresAt?.epochMilliseconds ?? null,
  );
  hub.add(client);
  let isAlive = true;
  const ping = setInterval(() => {
    if (!isAlive) client.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS).unref();
  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('close', () => {
    clearInterval(ping);
    hub.remove(client);
  });
  client.say({ type: 'ready', expiresAt: expiresAt?.toString() ?? null });

  let waiting = 0;
  let turn = Promise.resolve();
  socket.on('message', (data: Buffer) => {
    waiting += 1;
    if (waiting > WAITING_MAX) client.close(CLOSE_CODES.tooMany, 'Too many messages at once.');
    else {
      turn = turn.then(async () => {
        await answer(client, hub, data).catch((error: unknown) => {
          if (!isAppError(error)) log.error({ err: error }, 'A message of the stream failed');
          client.close(1011, 'Something went wrong; come back in a moment.');
        });
        waiting -= 1;
      });
    }
  });
};

const answer = async (client: StreamClient, hub: StreamHub, data: Buffer): Promise<void> => {
  const message = parse(data);
  if (message === null) {
    client.close(CLOSE_CODES.notUnderstood, 'That message is not understood.');
  } else if (message.type === 'unfollow') {
    hub.unfollow(client, message.instruments);
  } else if ('held' in message) {
    await hub.follow(client, null, message.since);
  } else if (client.followed.size + message.instruments.length > 2 * MAX_FOLLOWED) {
    client.close(CLOSE_CODES.tooMany, `One connection follows at most ${2 * MAX_FOLLOWED} instruments.`);
  } else {
    await hub.follow(client, [...new Set(message.instruments)], message.since);
  }
};

const parse = (data: Buffer): StreamRequest | null => {
  try {
    const message: unknown = JSON.parse(data.toString('utf8'));
    return isRequest(message) ? message : null;
  } catch {
    return null;
  }
};
