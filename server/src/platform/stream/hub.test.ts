/** What is given out waits until this process has heard of it: whoever is told asks at once for what rests on it. */
import { setTimeout as sleep } from 'node:timers/promises';

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';
import { systemClock } from '../clock.ts';
import { silentLogger } from '../log.ts';
import { StreamClient } from './client.ts';
import { StreamHub } from './hub.ts';
import type { Feed } from './hub.ts';

/** More than two looks for what was published. */
const LOOKS_MS = 600;
const FEED: Feed = {
  resolve: async () => [
    { id: 'one', topic: 'price:one', render: (_, seq) => ({ key: 'one', seq, json: '{"close":"5.30"}' }) },
  ],
  own: async () => [],
  current: async () => [],
};

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => app.close());

describe('giving out', () => {
  it('tells nobody of a price before this process has heard of the change', async () => {
    const { token } = await app.register();
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      readonly sub: string;
      readonly sid: string;
    };
    const heard = Promise.withResolvers<undefined>();
    const hub = new StreamHub({
      db: app.database.app,
      clock: systemClock,
      log: silentLogger,
      feed: FEED,
      settled: async () => heard.promise,
    });
    const sent: string[] = [];
    const channel = {
      bufferedAmount: 0,
      send: (text: string) => sent.push(text),
      close: () => undefined,
      terminate: () => undefined,
    };
    const client = new StreamClient(
      channel,
      { userId: claims.sub, sessionId: claims.sid, tokenId: null },
      null,
    );
    const prices = (): readonly string[] => sent.filter((text) => text.includes('"type":"prices"'));
    hub.add(client);
    await hub.follow(client, ['one'], undefined);
    await sql`insert into pm.stream_outbox (topic, payload) values ('price:one', '{}')`.execute(
      app.database.owner,
    );
    await sleep(LOOKS_MS);
    expect(prices()).toEqual([]);
    heard.resolve(undefined);
    await expect.poll(() => prices().length, { timeout: 5_000 }).toBe(1);
    hub.close();
  });
});
