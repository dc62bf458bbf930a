/** Small secret files in the data folder: readable by their owner only, made once, safe against two starts at once. */
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/**
 * Reads a private file, or makes it with the given content when it is not there.
 *
 * The new content is written and synced beside the target and then linked into place: of two processes that start
 * at once, one wins and both read the same content; a kill in between leaves no half-written secret.
 * @returns the content on disk, which may be another process's
 * @throws the file system's error when the folder cannot be written or the file cannot be read
 */
export const readOrCreatePrivateFile = async (path: string, makeContent: () => string): Promise<string> => {
  const existing = await readPrivateFile(path);
  if (existing !== undefined) return existing;
  await mkdir(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const file = await open(temporary, 'wx', OWNER_ONLY_FILE);
  try {
    await file.writeFile(makeContent(), 'utf8');
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  return readFile(path, 'utf8');
};

/** Reads a private file and takes away rights that others may have got on it; `undefined` when there is none. */
export const readPrivateFile = async (path: string): Promise<string | undefined> => {
  try {
    const content = await readFile(path, 'utf8');
    await chmod(path, OWNER_ONLY_FILE);
    return content;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
};

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && Reflect.get(error, 'code') === code;
