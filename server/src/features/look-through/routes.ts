/**
 * Routes of look-through.
 *
 * Contents: constituents (list · import · preview) · versions (list · file · withdraw · restore) · proxies. Exposure and overlap
 * have files of their own.
 */
import { MAX_ROWS_AT_ONCE } from '@pm/contracts/look-through';
import { dayIn } from '@pm/domain/calendar';

import { tooLarge } from '#platform/errors.ts';
import { accepted, created, noContent, ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';
import { createRun, enqueue } from '#platform/jobs/index.ts';

import { listConstituents } from './constituents.ts';
import { exposureRoutes } from './exposure-routes.ts';
import { identityRoutes } from './identity-routes.ts';
import { importFile, readFile } from './import-file.ts';
import { IMPORT_CONSTITUENTS } from './jobs.ts';
import { overlapRoutes } from './overlap-routes.ts';
import { momentAsked } from './moment-asked.ts';
import { previewFile } from './preview.ts';
import { readProxy, removeProxy, setProxy } from './proxies.ts';
import { listVersions, restoreVersion, versionFile, withdrawVersion } from './versions.ts';

/** A larger file is not even read in a request: some 50,000 rows. */
const READ_AT_ONCE_BYTES = 8 * 1024 * 1024;

const constituentRoutes = (api: ApiRouter): void => {
  api.route('GET /api/instruments/:id/constituents', {
    handle: async (context) =>
      ok(await listConstituents(context.tx, context.params.id, context.query, momentAsked(context))),
  });

  api.route('POST /api/instruments/:id/constituents', {
    prepare: ({ body, query, contentType, respondAsync }) => {
      if (respondAsync || body.length > READ_AT_ONCE_BYTES) return null;
      const read = readFile(body, { fileName: query.fileName, contentType });
      return read.file.rows.length > MAX_ROWS_AT_ONCE ? null : read;
    },
    handle: async ({ tx, params, query, body, prepared, user, now, contentType }) => {
      const request = { ...query, fundId: params.id, contentType };
      if (prepared !== null) {
        const importer = { id: user.id, role: user.role, today: dayIn(now, user.timezone) };
        return created(await importFile(tx, request, prepared, importer));
      }
      const fileName = query.fileName || null;
      const run = {
        userId: user.id,
        kind: 'constituents' as const,
        fileName,
        contentType: contentType ?? null,
        options: request,
        bytes: body,
      };
      const importId = await createRun(tx, run);
      await enqueue(tx, IMPORT_CONSTITUENTS, { runId: importId });
      return accepted({ importId });
    },
  });

  api.route('POST /api/imports/constituents/preview', {
    prepare: ({ body, query, contentType }) => {
      if (body.length > READ_AT_ONCE_BYTES) {
        throw tooLarge('The file is too large to be looked at first; import it into its fund.');
      }
      return readFile(body, { fileName: query.fileName, contentType });
    },
    handle: async ({ tx, query, prepared }) => ok(await previewFile(tx, prepared, query.fileName)),
  });
};

const proxyRoutes = (api: ApiRouter): void => {
  api.route('GET /api/instruments/:id/proxy', {
    handle: async ({ tx, params, user }) => ok(await readProxy(tx, params.id, user)),
  });

  api.route('PUT /api/instruments/:id/proxy', {
    handle: async ({ tx, params, body, user, now }) =>
      ok(await setProxy(tx, params.id, body, user, dayIn(now, user.timezone))),
  });

  api.route('DELETE /api/instruments/:id/proxy', {
    handle: async ({ tx, params, user }) => {
      await removeProxy(tx, params.id, user);
      return noContent();
    },
  });
};

const versionRoutes = (api: ApiRouter): void => {
  api.route('GET /api/instruments/:id/imports', {
    handle: async ({ tx, params, query, user }) => ok(await listVersions(tx, params.id, query, user)),
  });

  api.route('GET /api/imports/:id/file', {
    handle: async ({ tx, params }) => {
      const { bytes, fileName } = await versionFile(tx, params.id);
      const headers = {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${fileName}"`,
      };
      return ok(bytes, { headers });
    },
  });

  api.route('POST /api/imports/:id/withdraw', {
    handle: async ({ tx, params, user }) => ok(await withdrawVersion(tx, params.id, user)),
  });

  api.route('POST /api/imports/:id/restore', {
    handle: async ({ tx, params, user }) => ok(await restoreVersion(tx, params.id, user)),
  });
};

/** Registers the routes of look-through. */
export const lookThroughRoutes = (api: ApiRouter): void => {
  constituentRoutes(api);
  versionRoutes(api);
  proxyRoutes(api);
  exposureRoutes(api);
  overlapRoutes(api);
  identityRoutes(api);
};
