/** Why the embedded PostgreSQL cannot be used, as a stable code. */
export type EmbeddedPostgresErrorCode =
  | 'aborted'
  | 'account_missing'
  | 'binaries_missing'
  | 'binaries_unusable'
  | 'data_folder_broken'
  | 'data_folder_copied_live'
  | 'data_folder_foreign'
  | 'data_folder_unusable'
  | 'data_folder_version'
  | 'in_use'
  | 'initdb_failed'
  | 'platform_unsupported'
  | 'start_failed'
  | 'start_timeout';

/** What an `EmbeddedPostgresError` carries besides its code and sentence. */
export interface EmbeddedPostgresErrorDetails {
  readonly cause?: unknown;
  /** The last lines that PostgreSQL itself wrote, oldest first. */
  readonly lastLines?: readonly string[];
}

/**
 * The embedded PostgreSQL cannot be used as things are.
 * The message is one sentence for the person who starts the program: what is wrong and the way out.
 */
export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;
  /** The last lines that PostgreSQL itself wrote, oldest first; empty when it was never run. */
  readonly lastLines: readonly string[];

  constructor(code: EmbeddedPostgresErrorCode, sentence: string, details: EmbeddedPostgresErrorDetails = {}) {
    super(sentence, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'EmbeddedPostgresError';
    this.code = code;
    this.lastLines = details.lastLines ?? [];
  }
}

/** The code of a Node file system or process error (`EACCES`, `ENOENT` …); `undefined` for anything else. */
export const systemCode = (error: unknown): string | undefined => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : undefined;
};
