/**
 * Serves the built web app: a fixed set of files, read once and kept in memory (about 4 MB).
 *
 * Only files that were there at the start can be asked for, so no path can lead anywhere else. Text is compressed on
 * first use. Files under /assets carry a hash in their name and are immutable; the page itself is always revalidated.
 * Any other address that a browser navigates to gets the page, whose router takes it from there.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { noSuchRoute, sendProblem } from './problem.ts';
import { sendPage } from './security-headers.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};
const COMPRESSIBLE = /charset=utf-8/u;
/** Below this many bytes compression gains nothing. */
const COMPRESS_BYTES_MIN = 1_024;
/** The best compression saves 7 % and takes a second for a quarter of a megabyte, once: not for the largest files. */
const BROTLI_BEST_BYTES_MAX = 400_000;
const brotliQuality = (bytes: number): number => (bytes <= BROTLI_BEST_BYTES_MAX ? 11 : 9);
const PAGE = '/index.html';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

type Encoding = 'br' | 'gzip' | 'identity';
type WebFile = {
  readonly content: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly immutable: boolean;
  /** Compressed forms as they are asked for; a promise, so that two first requests compress once. */
  readonly encoded: Map<Encoding, Promise<Buffer>>;
};

/** The files of a built web app by their address. */
export type WebFiles = ReadonlyMap<string, WebFile>;

/** Reads a built web app. @returns an empty map when the folder does not exist */
export const readWebFiles = async (folder: string): Promise<WebFiles> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const files = new Map<string, WebFile>();
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const address = `/${relative(folder, path).split(sep).join('/')}`;
    const content = await readFile(path);
    files.set(address, {
      content,
      type: TYPES[extname(entry.name)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
      immutable: address.startsWith('/assets/'),
      encoded: new Map(),
    });
  }
  return files;
};

/** Registers the web app and the answer for every address that no route has. */
export const registerWebApp = (fastify: FastifyInstance, files: WebFiles): void => {
  for (const [address, file] of files) {
    if (address === PAGE) continue;
    fastify.get(address, async (request, reply) => sendFile(request, reply, file));
  }
  const page = files.get(PAGE)?.content.toString('utf8');
  if (page !== undefined) {
    for (const address of ['/', PAGE]) fastify.get(address, async (_request, reply) => sendPage(reply, page));
  }
  fastify.setNotFoundHandler((request, reply) => {
    if (page !== undefined && isNavigation(request)) return sendPage(reply, page);
    return sendProblem(reply, noSuchRoute());
  });
};

/** A browser that goes to a page, not a script that asks for data or a missing asset. */
const isNavigation = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  !/^\/(?:api|assets|healthz|readyz|metrics)(?:[/?]|$)/u.test(request.url) &&
  (request.headers.accept ?? '').includes('text/html');

const sendFile = async (
  request: FastifyRequest,
  reply: FastifyReply,
  file: WebFile,
): Promise<FastifyReply> => {
  reply
    .header('cache-control', file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache')
    .header('vary', 'accept-encoding')
    .header('etag', file.etag);
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const encoding = chooseEncoding(request, file);
  if (encoding !== 'identity') reply.header('content-encoding', encoding);
  return reply.type(file.type).send(await encode(file, encoding));
};

const chooseEncoding = (request: FastifyRequest, file: WebFile): Encoding => {
  if (!COMPRESSIBLE.test(file.type) || file.content.length < COMPRESS_BYTES_MIN) return 'identity';
  const offered = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => !/;\s*q=0(?:\.0*)?$/u.test(one))
    .map((one) => one.split(';')[0]);
  return offered.includes('br') ? 'br' : offered.includes('gzip') ? 'gzip' : 'identity';
};

const encode = async (file: WebFile, encoding: Encoding): Promise<Buffer> => {
  if (encoding === 'identity') return file.content;
  const known = file.encoded.get(encoding);
  if (known !== undefined) return known;
  const compressed =
    encoding === 'br'
      ? brotli(file.content, {
          params: { [constants.BROTLI_PARAM_QUALITY]: brotliQuality(file.content.length) },
        })
      : zip(file.content);
  file.encoded.set(encoding, compressed);
  return compressed;
};
