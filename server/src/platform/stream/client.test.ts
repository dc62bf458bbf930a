import { describe, expect, it } from 'vitest';

import { StreamClient } from './client.ts';
import type { Item } from './client.ts';

const PROOF = { userId: 'anna', sessionId: null, tokenId: null };

const slowChannel = () => {
  const sent: string[] = [];
  const channel = {
    bufferedAmount: 0,
    send: (text: string) => void sent.push(text),
    close: () => undefined,
    terminate: () => undefined,
  };
  return { channel, sent, client: new StreamClient(channel, PROOF, null) };
};
const item = (key: string, seq: number): Item => ({ key, seq, json: `{"seq":${seq}}` });

describe('a reader who is slower than the prices', () => {
  it('gets every message while it keeps up', () => {
    const { client, sent } = slowChannel();
    client.push([item('a', 1)], '1.1', 0);
    client.push([item('a', 2)], '1.2', 0);
    expect(sent.map((text) => (JSON.parse(text) as { cursor: string }).cursor)).toEqual(['1.1', '1.2']);
  });

  it('gets the newest of each when it has caught up, with the last cursor', () => {
    const { channel, client, sent } = slowChannel();
    channel.bufferedAmount = 300 * 1024;
    client.push([item('a', 1), item('b', 2)], '1.2', 0);
    // Of another transaction that was published later under a lower number: the state is that of the higher one.
    client.push([item('a', 4), item('a', 3)], '3.3', 0);
    expect(client.drain(10)).toBe(true);
    expect(sent).toEqual([]);
    channel.bufferedAmount = 0;
    expect(client.drain(20)).toBe(true);
    expect(sent).toEqual(['{"type":"prices","cursor":"3.3","prices":[{"seq":4},{"seq":2}]}']);
    client.push([item('a', 5)], '4.5', 30);
    expect(sent).toHaveLength(2);
  });

  it('is given up after half a minute', () => {
    const { channel, client } = slowChannel();
    channel.bufferedAmount = 300 * 1024;
    client.push([item('a', 1)], '1.1', 0);
    client.push([item('a', 2)], '1.2', 20_000);
    expect(client.drain(29_999)).toBe(true);
    expect(client.drain(30_000)).toBe(false);
  });

  it('waits with what is new until what is older was sent', () => {
    const { client, sent } = slowChannel();
    client.holdAll();
    client.push([item('a', 2)], '1.2', 0);
    client.say({ type: 'following' });
    client.releaseAll(0);
    expect(sent).toEqual(['{"type":"following"}', '{"type":"prices","cursor":"1.2","prices":[{"seq":2}]}']);
  });
});
