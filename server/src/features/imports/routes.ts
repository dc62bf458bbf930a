/** Routes of imports. Contents: runs · statements · an older version's data */
import { MAX_STATEMENT_ROWS_AT_ONCE } from '@pm/contracts/imports';
import { dayIn } from '@pm/domain/calendar';

import { tooLarge } from '#platform/errors.ts';
import { accepted, created, ok } from '#platform/http/index.ts';
import type { ApiRouter } from '#platform/http/index.ts';
import { createRun, enqueue } from '#platform/jobs/index.ts';

import { RECORD_STATEMENT } from './jobs.ts';
import { previewLocalStorage, readOldData, takeLocalStorage } from './local-storage.ts';
import { readRun } from './service.ts';
import {
  listStatements,
  previewStatement,
  readFile,
  recordStatement,
  rememberMapping,
  undoStatement,
} from './statements.ts';

/** A larger file is not even read in a request: some 50,000 rows. */
const READ_AT_ONCE_BYTES = 8 * 1024 * 1024;

const statementRoutes = (api: ApiRouter): void => {
  api.route('POST /api/imports/statements/preview', {
    prepare: ({ body }) => {
      if (body.length > READ_AT_ONCE_BYTES) {
        throw tooLarge('The file is too large to be looked at first; send it in parts of some 50,000 rows.');
      }
      return readFile(body);
    },
    handle: async ({ tx, query, prepared, user, now }) => {
      const recorder = { id: user.id, role: user.role, today: dayIn(now, user.timezone) };
      return ok(await previewStatement(tx, query, prepared, recorder));
    },
  });

  api.route('POST /api/imports/statements', {
    prepare: ({ body, respondAsync }) => {
      if (respondAsync || body.length > READ_AT_ONCE_BYTES) return null;
      const file = readFile(body);
      return file.rows.length > MAX_STATEMENT_ROWS_AT_ONCE ? null : file;
    },
    handle: async ({ tx, query, body, prepared, user, now, contentType }) => {
      if (prepared !== null) {
        const recorder = { id: user.id, role: user.role, today: dayIn(now, user.timezone) };
        return created(await recordStatement(tx, query, prepared, recorder));
      }
      const importId = await createRun(tx, {
        userId: user.id,
        kind: 'trades',
        fileName: query.fileName || null,
        contentType: contentType ?? null,
        options: query,
        bytes: body,
      });
      await enqueue(tx, RECORD_STATEMENT, { runId: importId });
      return accepted({ importId });
    },
  });

  api.route('GET /api/imports/statements', {
    handle: async ({ tx, query }) => ok(await listStatements(tx, query)),
  });

  api.route('POST /api/imports/statements/:id/undo', {
    handle: async ({ tx, params }) => ok(await undoStatement(tx, params.id)),
  });

  api.route('PUT /api/imports/statement-mappings', {
    handle: async ({ tx, user, body }) =>
      ok(await rememberMapping(tx, user.id, body.signature, body.mapping)),
  });
};

const localStorageRoutes = (api: ApiRouter): void => {
  api.route('POST /api/imports/local-storage', {
    prepare: ({ body, now }) => readOldData(body, now),
    handle: async ({ tx, query, prepared, user, now }) => {
      const taker = { id: user.id, today: dayIn(now, user.timezone) };
      if (query.preview === true) return ok(await previewLocalStorage(tx, prepared, taker));
      return created(await takeLocalStorage(tx, prepared, taker));
    },
  });
};

/** Registers the routes of imports. */
export const importRoutes = (api: ApiRouter): void => {
  api.route('GET /api/imports/:id', { handle: async ({ tx, params }) => ok(await readRun(tx, params.id)) });
  statementRoutes(api);
  localStorageRoutes(api);
};
