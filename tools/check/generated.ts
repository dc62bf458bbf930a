import { readStale } from '../generate.ts';
import type { Check } from './kinds.ts';

export const generated: Check = {
  name: 'generated',
  what: 'generated files are what their sources say',
  run: async (repo) =>
    (await readStale(repo.root)).map((path) => ({ path, message: 'is stale: npm run generate' })),
};
