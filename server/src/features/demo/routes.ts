/** The demo household by a button. Contents: make it */
import type { ApiRouter } from '#platform/http/index.ts';
import { created } from '#platform/http/index.ts';

import { makeDemo, prepareDemo } from './service.ts';

/** Registers the demo's route. */
export const demoRoutes = (api: ApiRouter): void => {
  api.route('POST /api/demo', {
    prepare: async () => prepareDemo(),
    handle: async ({ tx, user, prepared, now }) => created(await makeDemo(tx, user, prepared, now)),
  });
};
