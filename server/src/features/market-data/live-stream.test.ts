/** The live stream over a real WebSocket: who may connect and follow what, and that nothing is missed or told twice. */
import { request } from 'node:http';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp, TestPerson } from '../../../../tests/support/app.ts';
import { listen } from '../../../../tests/support/stream.ts';
import type { Listener } from '../../../../tests/support/stream.ts';
import { withWorker } from '../../platform/database/index.ts';
import { storePrices } from './feed-queries.ts';
import { forgetOutbox } from './live-queries.ts';

let app: TestApp;
let address: string;
let anna: TestPerson;

beforeAll(async () => {
  app = await createTestApp();
  address = await app.server.listen({ host: '127.0.0.1', port: 0 });
  anna = await app.register();
});
afterAll(async () => app.close());

let made = 0;
const instrument = async (maker: TestPerson, quoteUnit = 'GBX') => {
  made += 1;
  const { id, listings } = await maker.expect(201, 'POST /api/instruments', {
    body: {
      type: 'ETF',
      name: `Fund ${made}`,
      ticker: `LIVE${made}`,
      exchange: 'XLON',
      currency: 'GBP',
      quoteUnit,
    },
  });
  const listingId = listings[0]?.id ?? '';
  return { id, listingId };
};
const priceOf = (listingId: string, close: string, at: string, interval: 'quote' | '1d' = 'quote') => ({
  listingId,
  source: 'yahoo',
  at: Temporal.Instant.from(at),
  interval,
  close,
  open: null,
  high: null,
  low: null,
  volume: null,
  currency: 'GBP',
});
const publish = async (...prices: ReturnType<typeof priceOf>[]) =>
  withWorker(app.database.worker, async (tx) => storePrices(tx, prices));
const following = async (listener: Listener, id: string, since?: string) => {
  listener.send({ type: 'follow', instruments: [id], ...(since === undefined ? {} : { since }) });
  return listener.next('following');
};
const closes = (prices: readonly { price: { close: string } | null }[]) =>
  prices.map(({ price }) => price?.close ?? null);

type Told = Awaited<ReturnType<typeof following>>['prices'];

/**
 * What is told after the state at first, until there are so many. Where work that ends at the moment held a message
 * back, the state that was told at first is told once more.
 */
const changesAfter = async (listener: Listener, state: string, count: number): Promise<Told> => {
  const told: Told = [];
  while (told.length < count) {
    const { prices } = await listener.next('prices');
    told.push(...(told.length === 0 && prices[0]?.price?.close === state ? prices.slice(1) : prices));
  }
  return told;
};

/** What the server answers to a handshake. */
const handshake = async (headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request(`${address}/api/stream`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    asked.on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response.statusCode ?? 0);
    });
    asked.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end();
  });

describe('connecting to the stream', () => {
  it('takes a token in a header or subprotocol, and a cookie only from a page of this origin', async () => {
    const cookie = `pm_access=${anna.token}`;
    expect(await handshake({ authorization: `Bearer ${anna.token}` })).toBe(101);
    expect(await handshake({ 'sec-websocket-protocol': `pm.v1, bearer.${anna.token}` })).toBe(101);
    expect(await handshake({ cookie, origin: address })).toBe(101);
    expect(await handshake({ cookie })).toBe(403);
    expect(await handshake({ cookie, origin: 'https://evil.example' })).toBe(403);
    expect(await handshake({ authorization: `Bearer ${anna.token}`, origin: 'https://evil.example' })).toBe(
      403,
    );
    expect(await handshake({ 'sec-websocket-protocol': 'pm.v1, bearer.pmt_nothing' })).toBe(401);
    expect(await handshake({ origin: address })).toBe(401);
  });

  it('answers in words what is no WebSocket', async () => {
    const answer = await anna.raw({ method: 'GET', url: '/api/stream', headers: { origin: address } });
    expect(answer.statusCode).toBe(403);
    const own = await anna.raw({ method: 'GET', url: '/api/stream' });
    expect(own.statusCode).toBe(426);
    expect(own.json()).toMatchObject({ code: 'upgrade_required' });
  });

  it('does not count as a request under way', async () => {
    const before = app.server.load.inFlight;
    const listener = await listen(address, anna.token);
    await listener.next('ready');
    expect(app.server.load.inFlight).toBe(before);
    listener.close();
  });

  it('ends when the person signs out', async () => {
    const ben = await app.register();
    const listener = await listen(address, ben.token);
    const { id } = await instrument(app.admin);
    await following(listener, id);
    await ben.expect(204, 'POST /api/auth/logout', { body: { refreshToken: ben.refreshToken } });
    expect((await listener.closed).code).toBe(4403);
  }, 15_000);

  it('sends messages away that it does not understand', async () => {
    for (const message of ['not json', '{"type":"follow"}', '{"type":"follow","instruments":["x"]}']) {
      const listener = await listen(address, anna.token);
      listener.send(message);
      expect((await listener.closed).code).toBe(4400);
    }
  });
});

describe('following prices', () => {
  it('tells the state now, then every change, in the currency and in what the line is quoted in', async () => {
    const { id, listingId } = await instrument(app.admin);
    await publish(priceOf(listingId, '75.12', '2026-11-20T16:00:00Z'));
    const listener = await listen(address, anna.token);
    expect((await listener.next('ready')).expiresAt).not.toBeNull();
    const told = await following(listener, id);
    expect(told).toMatchObject({ instruments: [id], unknown: [], complete: true });
    expect(told.prices).toEqual([
      {
        instrumentId: id,
        listingId,
        kind: 'live',
        seq: 0,
        price: {
          close: '75.12',
          currency: 'GBP',
          quoted: { close: '7512', unit: 'GBX' },
          dateTime: '2026-11-20T16:00:00Z',
          source: 'yahoo',
          interval: 'quote',
        },
      },
    ]);
    await publish(priceOf(listingId, '75.5', '2026-11-20T16:10:00Z'));
    await publish(priceOf(listingId, '75.3', '2026-11-20T16:20:00Z', '1d'));
    const all = await changesAfter(listener, '75.12', 2);
    expect(all[0]?.price?.close).toBe('75.5');
    expect(all.map((one) => [one.kind, one.price?.quoted.close])).toEqual([
      ['live', '7550'],
      ['close', '7530'],
    ]);
    expect(all[1]?.seq).toBeGreaterThan(all[0]?.seq ?? 0);
    listener.close();
  });

  it('says nothing of an older price that comes late, and says when the newest is taken back', async () => {
    const { id, listingId } = await instrument(app.admin);
    await publish(priceOf(listingId, '10', '2026-11-20T16:00:00Z'));
    const listener = await listen(address, anna.token);
    await following(listener, id);
    await publish(priceOf(listingId, '9', '2026-11-19T16:00:00Z'));
    await sql`delete from pm.prices where listing_id = ${listingId} and close = 10`.execute(
      app.database.owner,
    );
    expect(closes(await changesAfter(listener, '10', 1))).toEqual(['9']);
    await sql`delete from pm.prices where listing_id = ${listingId}`.execute(app.database.owner);
    expect(closes((await listener.next('prices')).prices)).toEqual([null]);
    listener.close();
  });

  it('lets nobody follow what they do not see', async () => {
    const ben = await app.register();
    const private_ = await instrument(anna);
    const listener = await listen(address, ben.token);
    const told = await following(listener, private_.id);
    expect(told).toMatchObject({ instruments: [], unknown: [private_.id], prices: [] });
    const own = await listen(address, anna.token);
    expect(await following(own, private_.id)).toMatchObject({ instruments: [private_.id], unknown: [] });
    await publish(priceOf(private_.listingId, '3', '2026-11-20T16:00:00Z'));
    expect(closes((await own.next('prices')).prices)).toEqual(['3']);
    expect(listener.messages.filter((message) => message.type === 'prices')).toEqual([]);
    listener.close();
    own.close();
  });

  it('stops at unfollow', async () => {
    const [one, two] = [await instrument(app.admin), await instrument(app.admin)];
    const listener = await listen(address, anna.token);
    await following(listener, one.id);
    await following(listener, two.id);
    listener.send({ type: 'unfollow', instruments: [one.id] });
    // Answered in turn: what was unfollowed before is unfollowed now.
    await following(listener, two.id);
    await publish(
      priceOf(one.listingId, '1', '2026-11-20T16:00:00Z'),
      priceOf(two.listingId, '2', '2026-11-20T16:00:00Z'),
    );
    expect(closes((await listener.next('prices')).prices)).toEqual(['2']);
    listener.close();
  });
});

describe('coming back', () => {
  it('brings every message that was missed, and none that was there before', async () => {
    const { id, listingId } = await instrument(app.admin);
    const first = await listen(address, anna.token);
    await following(first, id);
    await publish(priceOf(listingId, '1', '2026-11-20T16:00:00Z'));
    const { cursor } = await first.next('prices');
    first.close();
    await first.closed;
    for (const minute of [1, 2, 3]) {
      await publish(priceOf(listingId, `${minute + 1}`, `2026-11-20T16:0${minute}:00Z`));
    }
    const again = await listen(address, anna.token);
    const told = await following(again, id, cursor);
    expect(told.complete).toBe(true);
    const missed = [...told.prices];
    while (missed.length < 3) missed.push(...(await again.next('prices')).prices);
    expect(closes(missed)).toEqual(['2', '3', '4']);
    again.close();
  });

  it('loses nothing to a transaction that was open while a later one was published', async () => {
    const [slow, quick] = [await instrument(app.admin), await instrument(app.admin)];
    const listener = await listen(address, anna.token);
    listener.send({ type: 'follow', instruments: [slow.id, quick.id] });
    await listener.next('following');
    const gate = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    const late = withWorker(app.database.worker, async (tx) => {
      await storePrices(tx, [priceOf(slow.listingId, '7', '2026-11-20T16:00:00Z')]);
      begun.resolve(undefined);
      await gate.promise;
    });
    await begun.promise;
    await publish(priceOf(quick.listingId, '8', '2026-11-20T16:00:00Z'));
    gate.resolve(undefined);
    await late;
    const told: (string | null)[] = [];
    while (told.length < 2) told.push(...closes((await listener.next('prices')).prices));
    expect(told).toEqual(['7', '8']);
    listener.close();
  });

  it('gives the present state, and says so, where messages are forgotten', async () => {
    const { id, listingId } = await instrument(app.admin);
    const listener = await listen(address, anna.token);
    await following(listener, id);
    await publish(priceOf(listingId, '1', '2026-11-20T16:00:00Z'));
    const { cursor } = await listener.next('prices');
    listener.close();
    await publish(priceOf(listingId, '2', '2026-11-20T16:01:00Z'));
    await publish(priceOf(listingId, '3', '2026-11-20T16:02:00Z'));
    const later = Temporal.Now.instant().add({ hours: 1 });
    expect(await withWorker(app.database.worker, async (tx) => forgetOutbox(tx, later))).toBeGreaterThan(2);
    const again = await listen(address, anna.token);
    const told = await following(again, id, cursor);
    expect([told.complete, ...closes(told.prices)]).toEqual([false, '3']);
    again.close();
  });
});
