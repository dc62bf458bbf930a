/** Routes of the archive: everything out, and back in. */
import { created, ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';

import { exportArchive } from './archive-export.ts';
import { readArchive } from './archive-file.ts';
import { importArchive } from './archive-import.ts';

/** Registers the routes of the archive. */
export const archiveRoutes = (api: ApiRouter): void => {
  api.route('GET /api/me/export', {
    handle: async ({ tx, user, now }) => {
      const file = await exportArchive(tx, user.id, { now });
      const day = now.toString().slice(0, 10);
      const headers = {
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="portfolio-manager-${day}.zip"`,
      };
      return ok(file.createReadStream({ start: 0 }), { headers });
    },
  });

  api.route('POST /api/imports/archive', {
    prepare: ({ body }) => readArchive(body),
    handle: async ({ tx, user, prepared }) => created(await importArchive(tx, prepared, user)),
  });
};
