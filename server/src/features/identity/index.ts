/** Users, sessions, personal access tokens and preferences. */
export { createPasswords } from './passwords.ts';
export type { Passwords } from './passwords.ts';
export { forgetExpiredJob } from './jobs.ts';
export { identityRoutes } from './routes.ts';
export type { IdentityDeps } from './service.ts';
export { checkCredentials, readMe } from './service.ts';
