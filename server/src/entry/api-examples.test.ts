/**
 * Every route has an example in the API's reference, and every example is sent and answered as the reference says.
 *
 *   npm test -- api-examples -u   records them anew; then npm run generate
 */
import { fileURLToPath } from 'node:url';

import { routes } from '@pm/contracts';
import type { RouteContract } from '@pm/contracts';
import { FileBytes, FileStream } from '@pm/contracts/common';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestApp } from '../../../tests/support/app.ts';
import type { TestApp } from '../../../tests/support/app.ts';
import { recordExamples } from '../../../tests/support/examples/record.ts';
import { EXAMPLE_NOW } from '../../../tests/support/examples/settle.ts';
import { fixedClock } from '../platform/clock.ts';
import type { ApiExamples } from '../platform/http/openapi-examples.ts';
import { openApiDocument } from '../platform/http/openapi.ts';

/** Some 150 requests and the worlds that they happen in: 15 seconds alone, minutes on a crowded machine. */
const RECORDING_TIMEOUT_MS = 300_000;
const RECORDED = fileURLToPath(new URL('../../../docs/generated/examples.json', import.meta.url));

let app: TestApp;
let examples: ApiExamples;
beforeAll(async () => {
  const clock = fixedClock(EXAMPLE_NOW);
  app = await createTestApp({ clock });
  examples = await recordExamples(app, clock);
}, RECORDING_TIMEOUT_MS);
afterAll(async () => app.close());

const all = Object.entries(routes) as [string, RouteContract][];

it('records what the reference shows', async () => {
  await expect(`${JSON.stringify(examples, null, 2)}\n`).toMatchFileSnapshot(RECORDED);
});

describe('the reference', () => {
  type Content = { readonly content?: Readonly<Record<string, { readonly example?: unknown }>> };
  type Operation = {
    readonly description: string;
    readonly parameters: readonly {
      readonly name: string;
      readonly in: string;
      readonly example?: unknown;
    }[];
    readonly requestBody?: Content;
    readonly responses: Readonly<Record<string, Content>>;
  };
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  let operationOf: (key: string) => Operation;
  const isOf = (pointer: string, value: unknown): true | string =>
    ajv.validate({ $ref: `reference#/${pointer}` }, value) || ajv.errorsText();
  const pointerTo = (key: string, ...rest: string[]): string => {
    const [method = '', path = ''] = key.split(' ');
    return ['paths', path.replaceAll(/:(\w+)/gu, '{$1}'), method.toLowerCase(), ...rest]
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/');
  };

  beforeAll(() => {
    const document = openApiDocument('1.2.3', examples);
    ajv.addSchema(document, 'reference');
    operationOf = (key) => {
      const [method = '', path = ''] = key.split(' ');
      const paths = document['paths'] as Record<string, Record<string, Operation>>;
      const operation = paths[path.replaceAll(/:(\w+)/gu, '{$1}')]?.[method.toLowerCase()];
      if (operation === undefined) throw new Error(`${key} is not described.`);
      return operation;
    };
  });

  const requestFault = (key: string, contract: RouteContract, { requestBody }: Operation): true | string => {
    if (contract.body === undefined) return true;
    const pointer = pointerTo(key, 'requestBody', 'content', 'application/json', 'schema');
    return isOf(pointer, requestBody?.content?.['application/json']?.example);
  };
  const answerFault = (key: string, contract: RouteContract, { responses }: Operation): true | string => {
    const status = examples.routes[key]?.status ?? 0;
    const schema = contract.response[status];
    const content = responses[status]?.content;
    if (schema === null) return content === undefined || 'There is an answer where none should be.';
    if (schema === FileStream) return content !== undefined || 'There is no file.';
    if (schema === FileBytes) {
      return typeof content?.['application/octet-stream']?.example === 'string' || 'No text is shown.';
    }
    const pointer = pointerTo(key, 'responses', String(status), 'content', 'application/json', 'schema');
    return isOf(pointer, content?.['application/json']?.example);
  };

  it.each(all)('shows %s with a request and an answer of their shapes', (key, contract) => {
    const operation = operationOf(key);
    const unshown = operation.parameters.filter((one) => one.in === 'path' && one.example === undefined);
    expect(operation.description).toMatch(/\*Example:\* \S.*[.?!]$/mu);
    expect({
      unshown,
      request: requestFault(key, contract, operation),
      answer: answerFault(key, contract, operation),
    }).toEqual({ unshown: [], request: true, answer: true });
  });

  it('shows what a refusal looks like, and the messages of the live stream', () => {
    expect(Object.keys(examples.problems)).toEqual(
      expect.arrayContaining(['unauthorised', 'not_found', 'invalid_fields', 'upgrade_required']),
    );
    for (const { value } of Object.values(examples.problems)) {
      expect(isOf('components/schemas/Problem', value)).toBe(true);
    }
    const { follow, ready, following } = examples.stream;
    expect(isOf('components/schemas/StreamRequest', follow.value)).toBe(true);
    for (const { value } of [ready, following]) {
      expect(isOf('components/schemas/StreamMessage', value)).toBe(true);
    }
    expect(operationOf('GET /api/stream').description).toContain('"type": "following"');
  });

  it('notices an answer that is not of its shape', () => {
    const pointer = pointerTo('GET /api/me', 'responses', '200', 'content', 'application/json', 'schema');
    expect(isOf(pointer, { id: 'not one' })).not.toBe(true);
  });
});
