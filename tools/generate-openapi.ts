/** docs/generated/openapi.json from the contracts, for people and for clients in other languages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { openApiDocument } from '../server/src/platform/http/openapi.ts';

const root = join(import.meta.dirname, '..');

/** A generator of `npm run generate`. */
export const generateOpenApi = async (): Promise<
  readonly { readonly path: string; readonly content: string }[]
> => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return [
    {
      path: 'docs/generated/openapi.json',
      content: `${JSON.stringify(openApiDocument(version), null, 2)}\n`,
    },
  ];
};
