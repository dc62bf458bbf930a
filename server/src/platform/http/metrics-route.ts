/** `/metrics`: for a collector on this machine, or for an administrator. */
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { withTenant } from '#platform/database/index.ts';
import { forbidden } from '#platform/errors.ts';

import { authenticate } from './authenticate.ts';
import type { AuthenticationParts } from './authenticate.ts';
import type { Metrics } from './metrics.ts';
import { isFromThisMachine } from './this-machine.ts';

const METRICS_PATH = '/metrics';

/** Registers the route. It tells how the install is used, so strangers get 401 or 403. */
export const registerMetricsRoute = (
  fastify: FastifyInstance,
  metrics: Metrics,
  parts: AuthenticationParts,
): void => {
  fastify.get(METRICS_PATH, async (request, reply) => {
    if (!isFromThisMachine(request)) await requireAdmin(request, parts);
    return reply
      .header('cache-control', 'no-store')
      .type(metrics.registry.contentType)
      .send(await metrics.registry.metrics());
  });
};

const requireAdmin = async (request: FastifyRequest, parts: AuthenticationParts): Promise<void> => {
  const { id: userId, sessionId } = await authenticate(request, parts);
  await withTenant(parts.db, { userId, sessionId }, async (_tx, { role }) => {
    if (role !== 'admin') throw forbidden('admin_only', 'Only an administrator of this install may do this.');
  });
};
