/** Routes of import runs. Contents: progress and result of one */
import type { ApiRouter } from '#platform/http/index.ts';
import { ok } from '#platform/http/index.ts';

import { readRun } from './runs.ts';

/** Registers the routes of import runs. */
export const importRoutes = (api: ApiRouter): void => {
  api.route('GET /api/imports/:id', { handle: async ({ tx, params }) => ok(await readRun(tx, params.id)) });
};
