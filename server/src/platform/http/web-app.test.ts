import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../../tests/support/app.ts';
import type { TestApp } from '../../../../tests/support/app.ts';

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(4_000))})`;
const PAGE = '<!doctype html><div id="root"></div>';

let folder: string;
let app: TestApp;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pm-web-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), PAGE);
  await writeFile(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, 'assets', 'index-4f2a.js'), SCRIPT);
  app = await createTestApp({ empty: true, webFolder: folder });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const BROWSER = { accept: 'text/html,application/xhtml+xml' };
const get = async (url: string, headers: Record<string, string> = BROWSER) =>
  app.server.fastify.inject({ method: 'GET', url, headers });

describe('the page', () => {
  it.each(['/', '/index.html', '/portfolios/42/look-through?asOf=2024-02-23', '/settings', '/apis'])(
    'is what a browser gets at %s',
    async (url) => {
      const answer = await get(url);
      expect(answer.statusCode).toBe(200);
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(answer.headers['cache-control']).toBe('no-cache');
      expect(answer.payload).toContain('<div id="root">');
    },
  );

  it('has a strict policy: scripts and styles from files of this origin, nothing from anywhere else', async () => {
    const policy = String((await get('/')).headers['content-security-policy']);
    const directives = new Map(policy.split('; ').map((one) => [one.split(' ')[0], one.split(' ').slice(1)]));
    expect(directives.get('default-src')).toEqual(["'none'"]);
    expect(directives.get('script-src')).toEqual(["'self'"]);
    expect(directives.get('style-src')).toEqual(["'self'"]);
    expect(directives.get('connect-src')).toEqual(["'self'"]);
    expect(directives.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/u);
  });

  it.each(['/api/nothing', '/assets/missing.js', '/api'])(
    'is not what %s gets, even in a browser',
    async (url) => {
      const answer = await get(url);
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([
        404,
        'application/problem+json; charset=utf-8',
      ]);
    },
  );

  it('is not what a script that asks for data gets', async () => {
    expect((await get('/settings', { accept: 'application/json' })).statusCode).toBe(404);
    const posted = await app.server.fastify.inject({
      method: 'POST',
      url: '/settings',
      headers: { accept: 'text/html' },
    });
    expect(posted.statusCode).toBe(404);
  });
});

describe('files', () => {
  it('with a hash in their name are immutable', async () => {
    const answer = await get('/assets/index-4f2a.js', {});
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.payload).toBe(SCRIPT);
    expect((await get('/favicon.svg', {})).headers['cache-control']).toBe('no-cache');
  });

  it('are compressed as the browser can read them', async () => {
    const brotli = await get('/assets/index-4f2a.js', { 'accept-encoding': 'gzip, deflate, br' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.rawPayload).toString()).toBe(SCRIPT);
    expect(brotli.rawPayload.length).toBeLessThan(200);
    const gzip = await get('/assets/index-4f2a.js', { 'accept-encoding': 'gzip, br;q=0' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.rawPayload).toString()).toBe(SCRIPT);
    expect((await get('/favicon.svg', { 'accept-encoding': 'br' })).headers).not.toHaveProperty(
      'content-encoding',
    );
  });

  it('are not sent again when nothing changed', async () => {
    const { headers } = await get('/favicon.svg', {});
    const again = await get('/favicon.svg', { 'if-none-match': String(headers['etag']) });
    expect([again.statusCode, again.payload]).toEqual([304, '']);
  });

  it.each([
    '/../package.json',
    '/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%5c..%5cindex.html',
  ])('outside the folder cannot be reached by %s', async (url) => {
    expect((await get(url, {})).statusCode).toBe(404);
  });
});

describe('the reference', () => {
  it('is a page under a policy without foreign sources', async () => {
    const page = await get('/api/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.headers['content-security-policy']).not.toContain('https:');
    for (const [, source = ''] of page.payload.matchAll(/(?:src|href)="([^"]+)"/gu)) {
      const file = await get(new URL(source, 'http://x/api/docs/').pathname, {});
      expect([source, file.statusCode]).toEqual([source, 200]);
    }
    expect(page.payload).not.toMatch(/<script(?![^>]*src=)/u);
  });

  it('shows the document that is also there to be fetched', async () => {
    const document = await get('/api/openapi.json', {});
    expect(document.statusCode).toBe(200);
    expect(document.json()).toMatchObject({ openapi: '3.1.0', info: { title: 'Portfolio Manager' } });
    expect((await get('/api/docs/json', {})).json()).toEqual(document.json());
  });
});
