/** `/api/openapi.json` and the page that shows it. */
import { readFile } from 'node:fs/promises';

import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

import { DOCS_POLICY } from './security-headers.ts';

/** Where the page is. */
const DOCS_PATH = '/api/docs';
const OPENAPI_PATH = '/api/openapi.json';
/** As `npm run generate` made it from the contracts and the recorded examples. */
const DOCUMENT = new URL('../../../../docs/generated/openapi.json', import.meta.url);

type StaticOptions = Extract<Parameters<typeof swagger>[1], { readonly mode: 'static' }>;

/** Registers both. */
export const registerDocs = async (fastify: FastifyInstance): Promise<void> => {
  const document: unknown = JSON.parse(await readFile(DOCUMENT, 'utf8'));
  const text = JSON.stringify(document);
  fastify.get(OPENAPI_PATH, async (_request, reply) =>
    reply.header('cache-control', 'no-cache').type('application/json; charset=utf-8').send(text),
  );
  await fastify.register(swagger, {
    mode: 'static',
    specification: { document: document as never },
  } satisfies StaticOptions);
  await fastify.register(swaggerUi, {
    routePrefix: DOCS_PATH,
    staticCSP: DOCS_POLICY,
    uiConfig: { docExpansion: 'list', deepLinking: true, persistAuthorization: false, validatorUrl: null },
  });
};
