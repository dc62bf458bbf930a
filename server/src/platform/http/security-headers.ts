/**
 * The headers that tell a browser what our pages may do.
 *
 * Scripts and styles come from files of this origin only: nothing inline, no eval, no <style> element. (The web app
 * writes its theme into a stylesheet when it is built, so the component library has nothing to inject.) Style
 * *attributes* are allowed, because chart tooltips are built with them; an attribute can neither select nor load.
 */
import helmet from '@fastify/helmet';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Two years, as the preload lists ask. */
const HSTS_SECONDS = 63_072_000;

const pagePolicy = (styles: string): string =>
  [
    "default-src 'none'",
    "base-uri 'none'",
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self' data: blob:",
    "manifest-src 'self'",
    "object-src 'none'",
    "script-src 'self'",
    `style-src ${styles}`,
    "style-src-attr 'unsafe-inline'",
    "worker-src 'self' blob:",
  ].join('; ');

/** For the web app. */
const PAGE_POLICY = pagePolicy("'self'");

/** For answers that are not pages: nothing may be loaded or framed. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * For the reference page: its viewer is a foreign bundle that makes <style> elements.
 * It is static, shows only our own document and is loaded from this origin.
 */
export const DOCS_POLICY = pagePolicy("'self' 'unsafe-inline'");

/** Registers the headers for every answer; HSTS only when the request came over TLS. */
export const registerSecurityHeaders = async (fastify: FastifyInstance): Promise<void> => {
  await fastify.register(helmet, {
    global: true,
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
  fastify.addHook('onRequest', async (request, reply) => {
    reply.header('content-security-policy', DATA_POLICY);
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    if (request.protocol === 'https') {
      reply.header('strict-transport-security', `max-age=${HSTS_SECONDS}; includeSubDomains`);
    }
  });
};

/** Answers with a page of ours under the strict policy. */
export const sendPage = (reply: FastifyReply, html: string): FastifyReply =>
  reply
    .header('content-security-policy', PAGE_POLICY)
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(html);
