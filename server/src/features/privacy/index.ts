/** What a person may do with all of their data: take it out, bring it in, end it. */
export { eraseLeaversJob } from './jobs.ts';
export { exportArchive } from './archive-export.ts';
export { readArchive } from './archive-file.ts';
export { importArchive } from './archive-import.ts';
export { replayErasures } from './erasure.ts';
export { privacyRoutes } from './routes.ts';
