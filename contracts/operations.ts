import Type from 'typebox';
import { Closed, Instant, Literals } from './common.ts';
import { defineRoutes } from './route.ts';

const tags = ['operations'];
const Check = Closed({ name: Type.String(), ok: Type.Boolean(), detail: Type.String() });

export const operationsRoutes = defineRoutes({
  'GET /healthz': {
    summary: 'The process is alive',
    tags,
    auth: 'none',
    response: { 200: Closed({ status: Literals(['ok']) }) },
  },
  'GET /readyz': {
    summary: 'The process can serve: database reachable, schema current',
    tags,
    auth: 'none',
    response: {
      200: Closed({ status: Literals(['ready', 'not ready']), checks: Type.Array(Check) }),
      503: Closed({ status: Literals(['ready', 'not ready']), checks: Type.Array(Check) }),
    },
  },
  'GET /api/operations/status': {
    summary: 'How this install is doing',
    tags,
    auth: 'admin',
    response: {
      200: Closed({
        version: Type.String(),
        startedAt: Instant,
        database: Closed({
          kind: Literals(['embedded', 'external']),
          version: Type.String(),
          sizeBytes: Type.String(),
        }),
        cache: Closed({
          kind: Literals(['redis', 'in-process']),
          hitRate: Type.Union([Type.Number(), Type.Null()]),
        }),
        pool: Closed({ total: Type.Integer(), idle: Type.Integer(), waiting: Type.Integer() }),
        jobs: Closed({ waiting: Type.Integer(), failed: Type.Integer() }),
        checks: Type.Array(Check),
      }),
    },
  },
});
