/*
 * npm run generate [-- --check]: writes every file that a program makes from another one.
 *
 *   GENERATORS   what is generated, from what
 *   readStale    the files that are not what their sources say (npm run check)
 *   regenerate   writes these files (npm run fix)
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from './generated-file.ts';

type Generator = (root: string) => Promise<readonly GeneratedFile[]>;

/** Loaded when needed: a generator brings half of the server with it, and the other checks run without that. */
const GENERATORS: readonly (() => Promise<Generator>)[] = [
  async () => (await import('./generate-openapi.ts')).generateOpenApi,
  async () => (await import('./generate-messages.ts')).generateMessages,
  async () => (await import('./generate-schema.ts')).generateSchemaFiles,
];

async function generateAll(root: string): Promise<readonly GeneratedFile[]> {
  const files = await Promise.all(GENERATORS.map(async (load) => (await load())(root)));
  return files.flat();
}

function isStale(root: string, { path, content }: GeneratedFile): boolean {
  try {
    return readFileSync(join(root, path), 'utf8') !== content;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    throw error;
  }
}

/** The files of `generated` (by default: all of them) that are missing under `root` or differ there. */
export async function readStale(root: string, generate: Generator = generateAll): Promise<readonly string[]> {
  return (await generate(root)).filter((file) => isStale(root, file)).map(({ path }) => path);
}

/** Writes what is stale, and tells which files that were. */
export async function regenerate(
  root: string,
  generate: Generator = generateAll,
): Promise<readonly string[]> {
  const stale = (await generate(root)).filter((file) => isStale(root, file));
  for (const { path, content } of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return stale.map(({ path }) => path);
}

async function main(args: readonly string[]): Promise<number> {
  const root = join(import.meta.dirname, '..');
  if (args.includes('--check')) {
    const stale = await readStale(root);
    for (const path of stale) console.error(`${path} is stale: npm run generate`);
    return stale.length === 0 ? 0 : 1;
  }
  const written = await regenerate(root);
  for (const path of written) console.log(`wrote ${path}`);
  if (written.length === 0) console.log('Everything generated is fresh.');
  return 0;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
