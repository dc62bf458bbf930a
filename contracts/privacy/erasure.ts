import Type from 'typebox';
import { Closed } from '../common.ts';
import { defineRoutes } from '../route.ts';

/** What erasing oneself takes along, for the person to read before. */
export const ErasurePreview = Closed({
  portfolios: Type.Integer({ description: 'Actual ones, drafts and models' }),
  holdings: Type.Integer(),
  trades: Type.Integer(),
  instruments: Type.Integer({ description: 'Private instruments, with their prices and files' }),
  files: Type.Integer({ description: 'Private files of what funds hold' }),
  shared: Type.Array(Closed({ name: Type.String(), people: Type.Integer() }), {
    description: 'Portfolios that others lose access to',
  }),
  sharedWithMe: Type.Integer({ description: 'Portfolios of others, which stay theirs' }),
  lastAdministrator: Type.Boolean({
    description: 'Nobody else administers the install: the member who has been here longest will',
  }),
  backupDays: Type.Integer({ description: 'So long backups of the install are kept' }),
});

export const ErasureRequest = Closed({
  email: Type.String({ maxLength: 255, description: 'One’s own address, typed as a confirmation' }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
});

const tags = ['privacy'];

export const erasureRoutes = defineRoutes({
  'GET /api/me/erasure': {
    summary: 'What would be erased with your account, and who would notice',
    tags,
    auth: 'user',
    response: { 200: ErasurePreview },
  },
  'DELETE /api/me': {
    summary:
      'Erase yourself: sign-in ends at once, everything that is yours goes within minutes and for good',
    tags,
    auth: 'user',
    noIdempotency: true,
    body: ErasureRequest,
    response: { 204: null },
  },
});
