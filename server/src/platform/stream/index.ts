/** The live stream: a WebSocket on which people follow what they may see. */
export type { Item } from './client.ts';
export type { Feed, Followed, StreamHub } from './hub.ts';
export { registerStream } from './route.ts';
