import { defineConfig } from 'vitest/config';

/** Tests of the app's plain functions; what a page does in a browser is a journey's affair. */
export default defineConfig({
  test: { name: 'web', include: ['src/**/*.test.ts'], environment: 'node', root: import.meta.dirname },
});
