import { archiveRoutes } from './privacy/archive.ts';
import { activityRoutes } from './privacy/activity.ts';
import { erasureRoutes } from './privacy/erasure.ts';
import { historyRoutes } from './privacy/history.ts';

export * from './privacy/archive.ts';
export * from './privacy/activity.ts';
export * from './privacy/erasure.ts';
export * from './privacy/history.ts';

export const privacyRoutes = { ...activityRoutes, ...erasureRoutes, ...historyRoutes, ...archiveRoutes };
