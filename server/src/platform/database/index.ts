/** What the rest of the server uses of the database. */
export { json, poolUsage } from './database.ts';
export type { Db, Tx } from './database.ts';
export type { DB } from './schema.generated.ts';
export { withTenant, withWorker, withoutTenant } from './transaction.ts';
export type { Tenant, TenantFacts, TransactionOptions } from './transaction.ts';
export { errorCode } from './failures.ts';
