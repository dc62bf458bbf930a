/** What is measured of every request and of the process, in Prometheus' terms. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** Answer times that matter to a person: 5 ms is a cached read, 10 s is broken. */
const SECONDS_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The metrics of one process. */
export type Metrics = {
  readonly registry: Registry;
  /** One answered request. `route` is the pattern, never the address: ids would make endless series. */
  observeRequest(request: {
    readonly method: string;
    readonly route: string;
    readonly status: number;
    readonly seconds: number;
  }): void;
  /** One statement of the database; fits `createDatabase`'s `onStatement`. */
  observeStatement(milliseconds: number, failed: boolean): void;
  /** A figure that is read when the metrics are read. */
  gauge(name: string, help: string, read: () => number): void;
};

/** Makes a registry of its own, so that two servers in one process (tests) do not collide. */
export const createMetrics = (): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: SECONDS_BUCKETS,
    registers: [registry],
  });
  const statements = new Histogram({
    name: 'database_statement_duration_seconds',
    help: 'Time of one SQL statement',
    buckets: SECONDS_BUCKETS,
    registers: [registry],
  });
  const failures = new Counter({
    name: 'database_statement_failures_total',
    help: 'SQL statements that failed',
    registers: [registry],
  });
  return {
    registry,
    observeRequest: ({ method, route, status, seconds }) => {
      requests.observe({ method, route, status: String(status) }, seconds);
    },
    observeStatement: (milliseconds, failed) => {
      statements.observe(milliseconds / 1000);
      if (failed) failures.inc();
    },
    gauge: (name, help, read) => {
      const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(read()) });
    },
  };
};
