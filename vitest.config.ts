import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { defineConfig } from 'vitest/config';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Other test files, with a database among them, share two cores: what takes a second alone takes many then. */
const BUSY_TIMEOUT_MS = 30_000;

export default defineConfig({
  test: {
    // A test that nobody awaits, or one marked `only`, is a failure and not a surprise.
    allowOnly: false,
    passWithNoTests: false,
    // Workers wait for the database as often as for the processor: one for each core, none kept back.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'domain',
          include: ['domain/**/*.test.ts', 'contracts/**/*.test.ts'],
          environment: 'node',
          testTimeout: BUSY_TIMEOUT_MS,
        },
      },
      {
        test: {
          name: 'tools',
          include: ['tools/**/*.test.ts'],
          exclude: ['tools/schema/**'],
          environment: 'node',
          testTimeout: BUSY_TIMEOUT_MS,
        },
      },
      {
        test: {
          name: 'server',
          include: ['server/src/**/*.test.ts', 'tests/**/*.test.ts', 'tools/schema/**/*.test.ts'],
          exclude: [
            'tests/journeys/**',
            'tests/load/**',
            'tests/faults/**',
            'tests/soak/**',
            // On another server there is nothing to learn about the embedded one.
            ...(process.env['PM_TEST_DATABASE_URL'] === undefined
              ? []
              : ['server/src/platform/database/embedded/**']),
          ],
          environment: 'node',
          globalSetup: [here('tests/support/postgres.ts')],
          testTimeout: BUSY_TIMEOUT_MS,
          hookTimeout: BUSY_TIMEOUT_MS,
        },
      },
      // The web app's tests run with the web app's own Vite set-up.
      ...(existsSync(here('web/vitest.config.ts')) ? [here('web/vitest.config.ts')] : []),
    ],
  },
});
