import { erasureRoutes } from './privacy/erasure.ts';

export * from './privacy/erasure.ts';

export const privacyRoutes = { ...erasureRoutes };
