/** HTTP of operations: liveness, readiness, status. */
import { ok, reply } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';

import * as service from './service.ts';
import type { OperationsDeps } from './service.ts';

/** Registers every route of operations. Liveness and readiness open no transaction: they must answer without one. */
export const operationsRoutes = (api: ApiRouter, deps: OperationsDeps): void => {
  api.outside('GET /healthz', { handle: () => ok({ status: 'ok' }) });

  api.outside('GET /readyz', {
    handle: async () => {
      const { ready, checks } = await service.checkReadiness(deps);
      return ready ? ok({ status: 'ready', checks }) : reply(503, { status: 'not ready', checks });
    },
  });

  api.route('GET /api/operations/status', {
    handle: async ({ tx }) => ok(await service.readStatus(tx, deps)),
  });
};
