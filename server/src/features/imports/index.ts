export { recordStatementJob } from './jobs.ts';
export { previewLocalStorage, readOldData, takeLocalStorage } from './local-storage.ts';
export { importRoutes } from './routes.ts';
export { undoStatement } from './statements.ts';
