import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { routes } from '@pm/contracts';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';

import { CONTRACT_MODULES, openApiDocument } from './openapi.ts';

type Operation = {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: Record<string, { schema?: unknown }>;
  };
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: unknown }> }>;
};
type Document = {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
};

const document = openApiDocument('1.2.3') as unknown as Document;
const operationsOf = () => Object.values(document.paths).flatMap((path) => Object.values(path));
const references = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const own = '$ref' in value && typeof value.$ref === 'string' ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(references)];
};

describe('the OpenAPI document', () => {
  it('knows every file of the contracts', () => {
    const folder = fileURLToPath(new URL('../../../../contracts', import.meta.url));
    const files = readdirSync(folder)
      .filter(
        (name) =>
          name.endsWith('.ts') && !name.endsWith('.test.ts') && !['index.ts', 'route.ts'].includes(name),
      )
      .map((name) => name.replace('.ts', ''));
    expect(Object.keys(CONTRACT_MODULES).toSorted()).toEqual(files.toSorted());
  });

  it('describes every route with all its answers', () => {
    for (const [key, contract] of Object.entries(routes)) {
      const [method = '', path = ''] = key.split(' ');
      const operation = document.paths[path.replaceAll(/:(\w+)/gu, '{$1}')]?.[method.toLowerCase()];
      expect({
        key,
        answers: Object.keys(operation?.responses ?? {}).toSorted(),
        body: operation?.requestBody !== undefined,
        open: operation?.security.length === 0,
      }).toEqual({
        key,
        answers: [...Object.keys(contract.response), 'default'].toSorted(),
        body: 'body' in contract || 'rawBody' in contract,
        open: contract.auth === 'none',
      });
    }
    // Beside the contracts' routes: the handshake of the live stream, and the metrics.
    expect(operationsOf()).toHaveLength(Object.keys(routes).length + 2);
  });

  it('names shapes after the contracts and refers to nothing that is not there', () => {
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(['Portfolio', 'Problem', 'User']),
    );
    const signedIn = document.paths['/api/auth/login']?.['post']?.responses['200'];
    expect(signedIn?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/SignedIn',
    });
    const used = references(document);
    expect(used.length).toBeGreaterThan(50);
    for (const reference of used) {
      expect(document).toHaveProperty(reference.replace('#/', '').split('/'));
    }
    expect(JSON.stringify(document)).not.toContain('def-');
  });

  it('gives each operation a name of its own', () => {
    const ids = operationsOf().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain('postPortfolios');
    expect(ids).toContain('getPortfoliosIdSummary');
  });

  it('tells path, query and convention parameters', () => {
    const patch = document.paths['/api/portfolios/{id}']?.['patch'];
    expect(patch?.parameters.map((one) => `${one.in} ${one.name} ${one.required}`)).toEqual([
      'path id true',
      'header Idempotency-Key false',
      'header If-Match false',
    ]);
    const login = document.paths['/api/auth/login']?.['post'];
    expect(login?.parameters.map(({ name }) => name)).toEqual(['refreshToken']);
    expect(document.paths['/api/auth/refresh']?.['post']?.requestBody?.required).toBe(false);
  });

  it('has schemas that a validator accepts', () => {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    for (const schema of Object.values(document.components.schemas)) {
      const whole = { ...schema, components: document.components };
      expect(() => ajv.compile(whole)).not.toThrow();
    }
    const user = ajv.compile({ $ref: '#/components/schemas/Problem', components: document.components });
    expect(
      user({
        type: 'about:blank',
        title: 'Not Found',
        status: 404,
        detail: 'There is none.',
        code: 'not_found',
      }),
    ).toBe(true);
    expect(user({ status: '404' })).toBe(false);
  });
});
