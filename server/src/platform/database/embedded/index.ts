/** The embedded PostgreSQL: see docs/adr/0002-embedded-postgresql.md for why and how. */
export { attachEmbeddedPostgres, type AttachedPostgres } from './attach.ts';
export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './errors.ts';
export { startEmbeddedPostgres } from './start.ts';
export type { EmbeddedPostgres, EmbeddedPostgresLogLine, EmbeddedPostgresOptions } from './types.ts';
