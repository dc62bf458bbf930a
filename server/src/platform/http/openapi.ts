/**
 * The API described in OpenAPI 3.1, made from the contracts alone.
 *
 * Shapes that the contracts export by name become components of that name, wherever they occur; everything else stands
 * where it is used. Contents: openApiDocument · components · operations · what is no route of the contracts
 */
import * as allocation from '@pm/contracts/allocation';
import * as common from '@pm/contracts/common';
import * as demo from '@pm/contracts/demo';
import * as identity from '@pm/contracts/identity';
import * as imports from '@pm/contracts/imports';
import * as instruments from '@pm/contracts/instruments';
import * as ledger from '@pm/contracts/ledger';
import * as lookThrough from '@pm/contracts/look-through';
import * as marketData from '@pm/contracts/market-data';
import * as operations from '@pm/contracts/operations';
import * as portfolios from '@pm/contracts/portfolios';
import * as privacy from '@pm/contracts/privacy';
import * as stream from '@pm/contracts/stream';
import * as valuation from '@pm/contracts/valuation';
import { routes } from '@pm/contracts';
import type { RouteContract, RouteTable } from '@pm/contracts';
import { IsOptional, IsSchema } from 'typebox';
import type { TSchema } from 'typebox';

import { shown, shownAll } from './openapi-examples.ts';
import type { ApiExamples, RouteExample } from './openapi-examples.ts';
import { IDEMPOTENCY_HOURS, IDEMPOTENCY_KEY_LENGTH_MAX } from './limits.ts';

/** Every file of the contracts; a test compares this list with the folder. */
export const CONTRACT_MODULES: Readonly<Record<string, object>> = {
  allocation,
  common,
  demo,
  identity,
  imports,
  instruments,
  ledger,
  'look-through': lookThrough,
  'market-data': marketData,
  operations,
  portfolios,
  privacy,
  stream,
  valuation,
};

type Json = Record<string, unknown>;

const PROBLEM_TYPE = 'application/problem+json';
const FILE_TYPE = 'application/octet-stream';
const PROBLEM = 'Problem';
const REFUSED: Json = { $ref: `#/components/responses/${PROBLEM}` };
const COOKIE_SECURITY = 'cookie';
const BEARER_SECURITY = 'bearer';

/**
 * The document.
 * @param version of the product
 * @param examples of all routes; without them the document has its schemas only
 */
export const openApiDocument = (
  version: string,
  examples: ApiExamples = NO_EXAMPLES,
  table: RouteTable = routes,
): Json => {
  const names = componentNames();
  const paths: Record<string, Json> = {};
  for (const [key, contract] of Object.entries(table)) {
    const [method = '', address = ''] = key.split(' ');
    const path = address.replaceAll(/:(\w+)/gu, '{$1}');
    const described = operation(key, contract, names, examples.routes[key]);
    paths[path] = { ...paths[path], [method.toLowerCase()]: described };
  }
  paths['/api/stream'] = { get: streamOperation(examples) };
  paths['/metrics'] = { get: METRICS_OPERATION };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Portfolio Manager',
      version,
      description:
        'Money, prices, quantities and rates are exact decimals as text; percentages are numbers; times are ISO 8601 ' +
        'with zone. Every error is a problem+json with a stable `code`. The examples are requests that were sent and ' +
        'what was answered; their lists are cut after two entries.',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: { ...componentSchemas(names), ...STREAM_SCHEMAS },
      responses: { [PROBLEM]: problemResponse(examples) },
      securitySchemes: SECURITY_SCHEMES,
    },
  };
};

const NO_EXAMPLES: ApiExamples = {
  routes: {},
  problems: {},
  stream: {
    follow: { says: '', value: {} },
    ready: { says: '', value: {} },
    following: { says: '', value: {} },
  },
};

const SECURITY_SCHEMES: Json = {
  [BEARER_SECURITY]: {
    type: 'http',
    scheme: 'bearer',
    description: 'An access token (15 minutes) or a personal access token',
  },
  [COOKIE_SECURITY]: {
    type: 'apiKey',
    in: 'cookie',
    name: 'pm_access',
    description: 'Set by signing in; writes need a same-origin Origin or Sec-Fetch-Site header',
  },
};

/** Names of the exported object shapes, by their JSON. */
const componentNames = (): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  for (const module of Object.values(CONTRACT_MODULES)) {
    for (const [name, value] of Object.entries(module) as [string, unknown][]) {
      if (!isObjectShape(value)) continue;
      const text = JSON.stringify(value);
      if (!names.has(text)) names.set(text, name);
    }
  }
  return names;
};

const isObjectShape = (value: unknown): value is TSchema =>
  IsSchema(value) && Reflect.get(value, 'type') === 'object' && Reflect.has(value, 'properties');

const componentSchemas = (names: ReadonlyMap<string, string>): Json =>
  Object.fromEntries(
    [...names]
      .map(([text, name]) => [name, withReferences(JSON.parse(text) as unknown, names, text)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );

/** A copy in which every named shape is a reference; `self` is the one that is being described itself. */
const withReferences = (value: unknown, names: ReadonlyMap<string, string>, self?: string): unknown => {
  if (Array.isArray(value)) return value.map((item) => withReferences(item, names));
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  const name = text === self ? undefined : names.get(text);
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withReferences(child, names)]));
};

const operation = (
  key: string,
  contract: RouteContract,
  names: ReadonlyMap<string, string>,
  example: RouteExample | undefined,
): Json => {
  const [method = '', address = ''] = key.split(' ');
  const body = requestBody(contract, names, example);
  const description = [
    ...(contract.auth === 'admin' ? ['For administrators of the install.'] : []),
    ...(example === undefined ? [] : [`*Example:* ${example.says}`]),
  ].join('\n\n');
  return {
    operationId: operationId(method, address),
    summary: contract.summary,
    tags: contract.tags,
    security: contract.auth === 'none' ? [] : [{ [BEARER_SECURITY]: [] }, { [COOKIE_SECURITY]: [] }],
    ...(description === '' ? {} : { description }),
    parameters: [
      ...parametersOf('path', contract.params, names, example?.params),
      ...parametersOf('query', contract.query, names, example?.query),
      ...headersOf(method, contract),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responsesOf(contract, names, example),
  };
};

/** `POST /api/portfolios/:id/draft` → `postPortfoliosIdDraft`. */
const operationId = (method: string, address: string): string =>
  method.toLowerCase() +
  address
    .replace(/^\/api/u, '')
    .split(/[^A-Za-z0-9]+/u)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const parametersOf = (
  place: 'path' | 'query',
  schema: TSchema | undefined,
  names: ReadonlyMap<string, string>,
  values: Readonly<Record<string, unknown>> = {},
): Json[] => {
  const properties = (schema === undefined ? {} : Reflect.get(schema, 'properties')) as Record<
    string,
    TSchema
  >;
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || !IsOptional(property),
    schema: withReferences(property, names),
    ...shown(values[name]),
  }));
};

const headersOf = (method: string, contract: RouteContract): Json[] => {
  const headers: Json[] = [];
  if (method !== 'GET' && contract.auth !== 'none' && contract.noIdempotency !== true) {
    headers.push({
      name: 'Idempotency-Key',
      in: 'header',
      required: false,
      description: `The same key with the same request is done once and answered the same for ${IDEMPOTENCY_HOURS} hours`,
      schema: { type: 'string', minLength: 1, maxLength: IDEMPOTENCY_KEY_LENGTH_MAX },
    });
  }
  if (contract.ifMatch === true) {
    headers.push({
      name: 'If-Match',
      in: 'header',
      required: false,
      description:
        'The version last seen, as answered in ETag; refused with 412 when it is no longer the current one',
      schema: { type: 'string', examples: ['"3"'] },
    });
  }
  return headers;
};

const requestBody = (
  contract: RouteContract,
  names: ReadonlyMap<string, string>,
  example: RouteExample | undefined,
): Json | undefined => {
  if (contract.rawBody !== undefined) {
    const { description, maxBytes } = contract.rawBody;
    return {
      required: true,
      description: `${description}, at most ${maxBytes} bytes, with any content type`,
      content: { [FILE_TYPE]: shown(example?.body) },
    };
  }
  if (contract.body === undefined) return undefined;
  return {
    required: !IsOptional(contract.body),
    content: {
      'application/json': { schema: withReferences(contract.body, names), ...shown(example?.body) },
    },
  };
};

const responsesOf = (
  contract: RouteContract,
  names: ReadonlyMap<string, string>,
  example: RouteExample | undefined,
): Json => {
  const responses: Json = {};
  for (const [status, schema] of Object.entries(contract.response)) {
    const answer = shown(String(example?.status) === status ? example?.answer : undefined);
    responses[status] = {
      description: DESCRIPTIONS[status] ?? 'An answer',
      ...(schema === null
        ? {}
        : schema === common.FileBytes || schema === common.FileStream
          ? { content: { [FILE_TYPE]: answer } }
          : { content: { 'application/json': { schema: withReferences(schema, names), ...answer } } }),
    };
  }
  return { ...responses, default: REFUSED };
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Accepted; the work goes on',
  204: 'Done, nothing to tell',
  503: 'Not now',
};

const problemResponse = ({ problems }: ApiExamples): Json => ({
  description: 'A refusal or failure, in words',
  content: {
    [PROBLEM_TYPE]: { schema: { $ref: `#/components/schemas/${PROBLEM}` }, ...shownAll(problems) },
  },
});

const STREAM_SCHEMAS: Json = { StreamRequest: stream.StreamRequest, StreamMessage: stream.StreamMessage };

const SIGNED_IN: Json[] = [{ [BEARER_SECURITY]: [] }, { [COOKIE_SECURITY]: [] }];

/** A WebSocket is no route of the contracts: OpenAPI has only its handshake, the messages stand in its description. */
const streamOperation = ({ stream: { follow, ready, following } }: ApiExamples): Json => ({
  operationId: 'getStream',
  summary: 'The live stream: a WebSocket that tells prices as they are stored',
  tags: ['market data'],
  security: SIGNED_IN,
  description: [
    'Requests are of the shape `StreamRequest`, messages of the shape `StreamMessage`; docs/guides/live-stream.md has the rest.',
    ...[ready, follow, following].map(
      ({ says, value }) => `${says}\n\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``,
    ),
  ].join('\n\n'),
  parameters: [
    headerOf('Connection', 'Upgrade'),
    headerOf('Upgrade', 'websocket'),
    headerOf('Sec-WebSocket-Protocol', stream.STREAM_PROTOCOL),
  ],
  responses: {
    101: {
      description: 'The connection is a WebSocket from now on',
      headers: { 'Sec-WebSocket-Protocol': { schema: { const: stream.STREAM_PROTOCOL } } },
    },
    426: REFUSED,
    default: REFUSED,
  },
});

const headerOf = (name: string, value: string): Json => ({
  name,
  in: 'header',
  required: true,
  schema: { type: 'string' },
  example: value,
});

const METRICS_OPERATION: Json = {
  operationId: 'getMetrics',
  summary: 'How the install is used, for a collector on this machine or an administrator',
  tags: ['operations'],
  security: [{}, ...SIGNED_IN],
  responses: {
    200: {
      description: 'In the text format of Prometheus',
      content: {
        'text/plain': {
          schema: { type: 'string' },
          example:
            '# HELP stream_connections Connections of the live stream\n# TYPE stream_connections gauge\nstream_connections 2\n',
        },
      },
    },
    default: REFUSED,
  },
};
