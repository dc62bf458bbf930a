export { importFile, readFile, type Importer, type ImportRequest } from './import-file.ts';
export { importConstituents } from './jobs.ts';
export { lookThroughRoutes } from './routes.ts';
