/** docs/generated/openapi.json from the contracts and the recorded examples, for people and for clients in other languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ApiExamples } from '../server/src/platform/http/openapi-examples.ts';
import { openApiDocument } from '../server/src/platform/http/openapi.ts';

const root = join(import.meta.dirname, '..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** A generator of `npm run generate`. The examples are recorded by `npm test -- api-examples -u`. */
export const generateOpenApi = async (): Promise<
  readonly { readonly path: string; readonly content: string }[]
> => {
  const { version } = read('package.json') as { readonly version: string };
  const examples = read('docs/generated/examples.json') as ApiExamples;
  return [
    {
      path: 'docs/generated/openapi.json',
      content: `${JSON.stringify(openApiDocument(version, examples), null, 2)}\n`,
    },
  ];
};
