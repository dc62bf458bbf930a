import { describe, expect, it } from 'vitest';

import { ConfigError, loadConfig } from './config.ts';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    loadConfig(env, '/srv');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('loadConfig', () => {
  it('needs nothing', () => {
    const config = loadConfig({}, '/srv');
    expect(config).toMatchObject({
      dataDir: '/srv/data',
      port: 3000,
      host: '127.0.0.1',
      logLevel: 'info',
      registration: 'open',
      providers: {
        prices: ['finnhub'],
        rates: ['ecb'],
        finnhubApiKey: undefined,
        ecbBaseUrl: 'https://www.ecb.europa.eu/stats/eurofxref',
      },
    });
    expect(config.databaseUrl).toBeUndefined();
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('prepares statements unless a pooler may be in between, or as it is told', () => {
    const own = { DATABASE_URL: 'postgres://owner@db/pm' };
    const pooled = { ...own, DATABASE_APP_URL: 'postgres://app@pooler/pm' };
    expect(loadConfig({}).preparedStatements).toBe(true);
    expect(loadConfig(own).preparedStatements).toBe(true);
    expect(loadConfig(pooled).preparedStatements).toBe(false);
    expect(loadConfig({ ...pooled, PM_PREPARED_STATEMENTS: 'on' }).preparedStatements).toBe(true);
    expect(loadConfig({ PM_PREPARED_STATEMENTS: 'off' }).preparedStatements).toBe(false);
  });

  it('takes blank as not given', () => {
    expect(loadConfig({ PORT: ' ', REDIS_URL: '' }, '/srv')).toMatchObject({
      port: 3000,
      redisUrl: undefined,
    });
  });

  it('names each bad variable in one sentence', () => {
    expect(problemsOf({ PORT: '70000', PM_LOG_LEVEL: 'loud', PM_REGISTRATION: 'maybe' })).toEqual([
      'PORT is "70000" but must be a whole number from 0 to 65535.',
      'PM_LOG_LEVEL is "loud" but must be one of fatal, error, warn, info, debug, trace, silent.',
      'PM_REGISTRATION is "maybe" but must be one of open, closed.',
    ]);
    expect(problemsOf({ PORT: '80.5' })).toHaveLength(1);
    expect(problemsOf({ PORT: '-1' })).toHaveLength(1);
  });

  it('does not repeat a refused URL, which may hold a password', () => {
    const problems = problemsOf({ DATABASE_URL: 'mysql://root:hunter2@db/x' });
    expect(problems).toEqual(['DATABASE_URL must be a URL that starts with postgres:// or postgresql://.']);
  });

  it('refuses half of a pair', () => {
    expect(problemsOf({ DATABASE_APP_URL: 'postgres://app@db/x' })).toEqual([
      "DATABASE_APP_URL is given without DATABASE_URL: give the owner's connection too, or neither.",
    ]);
    expect(problemsOf({ PM_SECRET_KEY: 'a', PM_SECRET_KEY_FILE: '/k' })).toHaveLength(1);
  });

  it('drops the trailing slash of a base address', () => {
    expect(loadConfig({ ECB_BASE_URL: 'http://127.0.0.1:9/' }, '/srv').providers.ecbBaseUrl).toBe(
      'http://127.0.0.1:9',
    );
  });

  it('takes providers in the order given, and none when told so', () => {
    const prices = (given: string) => loadConfig({ PM_PRICE_PROVIDERS: given }).providers.prices;
    expect(prices('yahoo, Finnhub,yahoo')).toEqual(['yahoo', 'finnhub']);
    expect(prices('none')).toEqual([]);
    expect(problemsOf({ PM_RATE_PROVIDERS: 'ecb,fed' })).toEqual([
      'PM_RATE_PROVIDERS is "ecb,fed" but must be none, or some of ecb, boe, separated by commas.',
    ]);
  });

  it('does not repeat a key that cannot be one', () => {
    expect(problemsOf({ FINNHUB_API_KEY: 'hunter2 hunter2' })).toEqual([
      'FINNHUB_API_KEY must be at most 200 letters, digits and signs, without blanks.',
    ]);
  });
});
