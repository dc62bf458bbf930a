import Type from 'typebox';
import { Closed, FileStream } from '../common.ts';
import { defineRoutes } from '../route.ts';

/** The largest archive accepted. */
export const MAX_ARCHIVE_BYTES = 256 * 1024 * 1024;

const Count = Type.Integer({ minimum: 0 });

/** What an archive brought. */
export const ArchiveReport = Closed({
  portfolios: Count,
  holdings: Count,
  trades: Count,
  instruments: Type.Integer({ description: 'Instruments of the person’s own' }),
  madePrivate: Type.Integer({
    description: 'Shared instruments that are not known here and were made for this person alone',
  }),
});

const tags = ['privacy'];

export const archiveRoutes = defineRoutes({
  'GET /api/me/export': {
    summary: 'Everything that you own, as JSON and CSV in one ZIP file; no secret is in it',
    tags,
    auth: 'user',
    response: { 200: FileStream },
  },
  'POST /api/imports/archive': {
    summary: 'Bring such an archive into an account that is still empty, all of it or nothing',
    tags,
    auth: 'user',
    rawBody: { maxBytes: MAX_ARCHIVE_BYTES, description: 'The ZIP file that the export answered' },
    response: { 201: ArchiveReport },
  },
});
