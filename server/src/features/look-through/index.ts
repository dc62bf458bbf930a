export { previewFile } from './preview.ts';
export { importFile, readFile, type Importer, type ImportRequest, type ReadFile } from './import-file.ts';
export { importConstituents } from './jobs.ts';
export { refreshFunds } from './refresh.ts';
export { lookThroughRoutes } from './routes.ts';
