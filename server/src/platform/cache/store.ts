/** Where serialised values are kept. A store may forget anything at any time; it never throws. */
export type CacheStore = {
  readonly name: 'memory' | 'redis';
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  delete(key: string): Promise<void>;
  close(): Promise<void>;
};
