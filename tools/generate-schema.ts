/*
 * The files that are made from the database schema, each read off a freshly migrated database.
 *
 *   generateSchemaFiles  all of them, with one start of the database
 *   generateTypes        server/src/platform/database/schema.generated.ts: the tables as TypeScript
 *   generateSchemaDump   docs/generated/schema.sql: the schema as it stands, for reading and for reviewing changes
 *   generateErDiagram    docs/generated/er-diagram.md: tables and foreign keys
 */
import type { GeneratedFile } from './generated-file.ts';
import { withMigratedDatabase } from '../tests/support/postgres.ts';
import { readTypes } from './schema/types.ts';
import { readSchemaDump } from './schema/dump.ts';
import { readErDiagram } from './schema/er-diagram.ts';

type Reader = (ownerUrl: string) => Promise<string>;

const TYPES = { path: 'server/src/platform/database/schema.generated.ts', read: readTypes };
const DUMP = { path: 'docs/generated/schema.sql', read: readSchemaDump };
const ER_DIAGRAM = { path: 'docs/generated/er-diagram.md', read: readErDiagram };

const generate = async ({ path, read }: { path: string; read: Reader }): Promise<GeneratedFile> =>
  withMigratedDatabase(async (ownerUrl) => ({ path, content: await read(ownerUrl) }));

export const generateTypes = async (): Promise<GeneratedFile> => generate(TYPES);
export const generateSchemaDump = async (): Promise<GeneratedFile> => generate(DUMP);
export const generateErDiagram = async (): Promise<GeneratedFile> => generate(ER_DIAGRAM);

/** The three together: the database is started and migrated once. */
export const generateSchemaFiles = async (): Promise<readonly GeneratedFile[]> =>
  withMigratedDatabase(async (ownerUrl) => {
    const files: GeneratedFile[] = [];
    for (const { path, read } of [TYPES, DUMP, ER_DIAGRAM]) {
      files.push({ path, content: await read(ownerUrl) });
    }
    return files;
  });
