/** `/api/openapi.json` and the page that shows it. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';

import { openApiDocument } from './openapi.ts';
import { DOCS_POLICY } from './security-headers.ts';

/** Where the page is. */
const DOCS_PATH = '/api/docs';
const OPENAPI_PATH = '/api/openapi.json';

type StaticOptions = Extract<Parameters<typeof swagger>[1], { readonly mode: 'static' }>;

/** Registers both. @param version of the product */
export const registerDocs = async (fastify: FastifyInstance, version: string): Promise<void> => {
  const document = openApiDocument(version);
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
