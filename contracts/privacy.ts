import { archiveRoutes } from './privacy/archive.ts';
import { erasureRoutes } from './privacy/erasure.ts';

export * from './privacy/archive.ts';
export * from './privacy/erasure.ts';

export const privacyRoutes = { ...erasureRoutes, ...archiveRoutes };
