/**
 * Every setting of the server, read once from the environment.
 *
 * This is the only file that reads `process.env`. A bad value stops the start with one sentence that names the
 * variable; several bad values are all named at once.
 */
import { resolve } from 'node:path';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Log levels as pino knows them. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Providers of prices that the settings can name. */
export const PRICE_PROVIDERS = ['finnhub', 'yahoo', 'stooq', 'demo'] as const;
/** Publishers of exchange rates that the settings can name. */
export const RATE_PROVIDERS = ['ecb', 'boe'] as const;

/** Whom to ask for prices and rates, and where. Base URLs are without trailing slash. */
export type ProviderSettings = {
  /** In the order in which they are asked; others are never asked. `PM_PRICE_PROVIDERS`, default finnhub. */
  readonly prices: readonly (typeof PRICE_PROVIDERS)[number][];
  /** `PM_RATE_PROVIDERS`, default ecb. */
  readonly rates: readonly (typeof RATE_PROVIDERS)[number][];
  /** `FINNHUB_API_KEY`; without it Finnhub is not asked. */
  readonly finnhubApiKey: string | undefined;
  /** `FINNHUB_BASE_URL`. */
  readonly finnhubBaseUrl: string;
  /** Where Finnhub pushes trades, a WebSocket. `FINNHUB_STREAM_URL`. */
  readonly finnhubStreamUrl: string;
  /** `YAHOO_BASE_URL`. */
  readonly yahooBaseUrl: string;
  /** `STOOQ_BASE_URL`. */
  readonly stooqBaseUrl: string;
  /** Where the ECB publishes its reference rates. `ECB_BASE_URL`. */
  readonly ecbBaseUrl: string;
  /** `BOE_BASE_URL`. */
  readonly boeBaseUrl: string;
};

/** The settings. Frozen; optional ones are `undefined` when not given. */
export type Config = {
  /** Absolute folder for everything that must survive: database, keys. `PM_DATA_DIR`, default `./data`. */
  readonly dataDir: string;
  /** TCP port of the HTTP server, 0 = any free one. `PORT`, default 3000. */
  readonly port: number;
  /** Address the HTTP server binds to. `HOST`, default 127.0.0.1. */
  readonly host: string;
  /** Owner's connection to an own PostgreSQL ≥ 15; absent = the embedded one. `DATABASE_URL`. */
  readonly databaseUrl: string | undefined;
  /** Connection for requests, may go through a pooler. `DATABASE_APP_URL`, only together with `DATABASE_URL`. */
  readonly databaseAppUrl: string | undefined;
  /** Connection for jobs, must be direct. `DATABASE_WORKER_URL`, only together with `DATABASE_URL`. */
  readonly databaseWorkerUrl: string | undefined;
  /**
   * Whether requests use prepared statements. `PM_PREPARED_STATEMENTS`, default on; off with `DATABASE_APP_URL`, which
   * may go through a pooler that does not know them.
   */
  readonly preparedStatements: boolean;
  /** Redis ≥ 7; absent = in-process cache. `REDIS_URL`. */
  readonly redisUrl: string | undefined;
  /** The install's secret keys, current one first. `PM_SECRET_KEY`, comma separated for rotation. */
  readonly secretKey: string | undefined;
  /** File holding the same, one key a line. `PM_SECRET_KEY_FILE`. */
  readonly secretKeyFile: string | undefined;
  /** Whom to ask for prices and rates. */
  readonly providers: ProviderSettings;
  /** Quotes within a day are thinned to its last one after so many days; 0 keeps all. `PM_INTRADAY_DAYS`, default 90. */
  readonly intradayDays: number;
  /** `PM_LOG_LEVEL`, default info. */
  readonly logLevel: LogLevel;
  /** Whether strangers may register. The first user always may. `PM_REGISTRATION`, default open. */
  readonly registration: 'open' | 'closed';
  /** Whether the first start of an embedded install makes the demo household. `PM_DEMO`, default on. */
  readonly demoAtFirstStart: boolean;
  /** Browser for the journeys. `PM_CHROMIUM`. */
  readonly chromium: string | undefined;
};

/** A start that cannot go on because of its settings. The message is one sentence for each bad value. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The providers' own addresses. */
const BASE_URLS = {
  FINNHUB_BASE_URL: 'https://finnhub.io/api/v1',
  YAHOO_BASE_URL: 'https://query1.finance.yahoo.com',
  STOOQ_BASE_URL: 'https://stooq.com',
  ECB_BASE_URL: 'https://www.ecb.europa.eu/stats/eurofxref',
  BOE_BASE_URL: 'https://www.bankofengland.co.uk/boeapps/database',
} as const;
const FINNHUB_STREAM_URL = 'wss://ws.finnhub.io';
const MAX_PORT = 65_535;

/**
 * Reads the settings.
 * @throws {ConfigError} naming every variable whose value is not usable. Values of secret variables are not repeated.
 */
export const loadConfig = (env: Environment = process.env, cwd: string = process.cwd()): Config => {
  const problems: string[] = [];
  const read = reader(env, problems);
  const config: Config = {
    dataDir: resolve(cwd, read.text('PM_DATA_DIR') ?? 'data'),
    port: read.port('PORT') ?? 3000,
    host: read.text('HOST') ?? '127.0.0.1',
    databaseUrl: read.url('DATABASE_URL', ['postgres:', 'postgresql:']),
    databaseAppUrl: read.url('DATABASE_APP_URL', ['postgres:', 'postgresql:']),
    databaseWorkerUrl: read.url('DATABASE_WORKER_URL', ['postgres:', 'postgresql:']),
    preparedStatements:
      (read.oneOf('PM_PREPARED_STATEMENTS', ['on', 'off'] as const) ??
        (read.text('DATABASE_APP_URL') === undefined ? 'on' : 'off')) === 'on',
    redisUrl: read.url('REDIS_URL', ['redis:', 'rediss:']),
    secretKey: read.text('PM_SECRET_KEY'),
    secretKeyFile: read.text('PM_SECRET_KEY_FILE'),
    providers: readProviders(read),
    intradayDays: read.days('PM_INTRADAY_DAYS') ?? 90,
    logLevel: read.oneOf('PM_LOG_LEVEL', LOG_LEVELS) ?? 'info',
    demoAtFirstStart: (read.oneOf('PM_DEMO', ['on', 'off'] as const) ?? 'on') === 'on',
    registration: read.oneOf('PM_REGISTRATION', ['open', 'closed'] as const) ?? 'open',
    chromium: read.text('PM_CHROMIUM'),
  };
  for (const name of ['DATABASE_APP_URL', 'DATABASE_WORKER_URL'] as const) {
    if (read.text(name) !== undefined && config.databaseUrl === undefined) {
      problems.push(`${name} is given without DATABASE_URL: give the owner's connection too, or neither.`);
    }
  }
  if (config.secretKey !== undefined && config.secretKeyFile !== undefined) {
    problems.push('PM_SECRET_KEY and PM_SECRET_KEY_FILE are both given: give one of them.');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(config);
};

const readProviders = (read: Reader): ProviderSettings => {
  const baseUrl = (name: keyof typeof BASE_URLS): string =>
    (read.url(name, ['http:', 'https:']) ?? BASE_URLS[name]).replace(/\/+$/u, '');
  const settings: ProviderSettings = {
    prices: read.someOf('PM_PRICE_PROVIDERS', PRICE_PROVIDERS) ?? ['finnhub'],
    rates: read.someOf('PM_RATE_PROVIDERS', RATE_PROVIDERS) ?? ['ecb'],
    finnhubApiKey: read.headerText('FINNHUB_API_KEY'),
    finnhubBaseUrl: baseUrl('FINNHUB_BASE_URL'),
    finnhubStreamUrl: (read.url('FINNHUB_STREAM_URL', ['ws:', 'wss:']) ?? FINNHUB_STREAM_URL).replace(
      /\/+$/u,
      '',
    ),
    yahooBaseUrl: baseUrl('YAHOO_BASE_URL'),
    stooqBaseUrl: baseUrl('STOOQ_BASE_URL'),
    ecbBaseUrl: baseUrl('ECB_BASE_URL'),
    boeBaseUrl: baseUrl('BOE_BASE_URL'),
  };
  return Object.freeze(settings);
};

type Reader = ReturnType<typeof reader>;

const reader = (env: Environment, problems: string[]) => {
  const text = (name: string): string | undefined => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? undefined : value;
  };
  const port = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const number = /^\d{1,5}$/u.test(value) ? Number(value) : Number.NaN;
    if (number <= MAX_PORT) return number;
    problems.push(`${name} is "${value}" but must be a whole number from 0 to ${MAX_PORT}.`);
    return undefined;
  };
  const days = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (/^\d{1,5}$/u.test(value)) return Number(value);
    problems.push(`${name} is "${value}" but must be a whole number of days, from 0 to 99999.`);
    return undefined;
  };
  const oneOf = <const T extends string>(name: string, allowed: readonly T[]): T | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) problems.push(`${name} is "${value}" but must be one of ${allowed.join(', ')}.`);
    return found;
  };
  /** Names separated by commas, in their order; `none` is an empty list. */
  const someOf = <const T extends string>(name: string, allowed: readonly T[]): readonly T[] | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    if (value === 'none') return [];
    const given = [...new Set(value.split(',').map((part) => part.trim().toLowerCase()))];
    const found = given.flatMap((part) => allowed.filter((candidate) => candidate === part));
    if (found.length === given.length) return found;
    problems.push(
      `${name} is "${value}" but must be none, or some of ${allowed.join(', ')}, separated by commas.`,
    );
    return undefined;
  };
  /** A secret that is sent in a header. It is not repeated in the message. */
  const headerText = (name: string): string | undefined => {
    const value = text(name);
    if (value === undefined || /^[\x21-\x7e]{1,200}$/u.test(value)) return value;
    problems.push(`${name} must be at most 200 letters, digits and signs, without blanks.`);
    return undefined;
  };
  // URLs may carry passwords, so a refused one is not repeated in the message.
  const url = (name: string, schemes: readonly string[]): string | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const scheme = /^([a-z]+:)\/\/./u.exec(value)?.[1];
    if (scheme !== undefined && schemes.includes(scheme)) return value;
    problems.push(`${name} must be a URL that starts with ${schemes.map((s) => `${s}//`).join(' or ')}.`);
    return undefined;
  };
  return { text, port, days, oneOf, someOf, headerText, url };
};
