/** What a person may know and end: their erasure, and what was done with their data. */
export { eraseLeaversJob } from './jobs.ts';
export { eraseLeavers, replayErasures } from './erasure.ts';
export { privacyRoutes } from './routes.ts';
