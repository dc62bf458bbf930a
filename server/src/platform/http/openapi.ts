/**
 * The API described in OpenAPI 3.1, made from the contracts alone.
 *
 * Shapes that the contracts export by name become components of that name, wherever they occur; everything else stands
 * where it is used. Contents: openApiDocument · components · operations
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
const COOKIE_SECURITY = 'cookie';
const BEARER_SECURITY = 'bearer';

/**
 * The document.
 * @param version of the product
 */
export const openApiDocument = (version: string, table: RouteTable = routes): Json => {
  const names = componentNames();
  const paths: Record<string, Json> = {};
  for (const [key, contract] of Object.entries(table)) {
    const [method = '', address = ''] = key.split(' ');
    const path = address.replaceAll(/:(\w+)/gu, '{$1}');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(method, address, contract, names) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Portfolio Manager',
      version,
      description:
        'Money, prices, quantities and rates are exact decimals as text; percentages are numbers; times are ISO 8601 ' +
        'with zone. Every error is a problem+json with a stable `code`.',
      license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: componentSchemas(names), securitySchemes: SECURITY_SCHEMES },
  };
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
  method: string,
  address: string,
  contract: RouteContract,
  names: ReadonlyMap<string, string>,
): Json => {
  const body = requestBody(contract, names);
  return {
    operationId: operationId(method, address),
    summary: contract.summary,
    tags: contract.tags,
    security: contract.auth === 'none' ? [] : [{ [BEARER_SECURITY]: [] }, { [COOKIE_SECURITY]: [] }],
    ...(contract.auth === 'admin' ? { description: 'For administrators of the install.' } : {}),
    parameters: [
      ...parametersOf('path', contract.params, names),
      ...parametersOf('query', contract.query, names),
      ...headersOf(method, contract),
    ],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: responsesOf(contract, names),
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

const requestBody = (contract: RouteContract, names: ReadonlyMap<string, string>): Json | undefined => {
  if (contract.rawBody !== undefined) {
    const { description, maxBytes } = contract.rawBody;
    return {
      required: true,
      description: `${description}, at most ${maxBytes} bytes, with any content type`,
      content: { 'application/octet-stream': {} },
    };
  }
  if (contract.body === undefined) return undefined;
  return {
    required: !IsOptional(contract.body),
    content: { 'application/json': { schema: withReferences(contract.body, names) } },
  };
};

const responsesOf = (contract: RouteContract, names: ReadonlyMap<string, string>): Json => {
  const responses: Json = {};
  for (const [status, schema] of Object.entries(contract.response)) {
    responses[status] = {
      description: DESCRIPTIONS[status] ?? 'An answer',
      ...(schema === null
        ? {}
        : schema === common.FileBytes || schema === common.FileStream
          ? { content: { 'application/octet-stream': {} } }
          : { content: { 'application/json': { schema: withReferences(schema, names) } } }),
    };
  }
  responses['default'] = {
    description: 'A refusal or failure, in words',
    content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return responses;
};

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Accepted; the work goes on',
  204: 'Done, nothing to tell',
  503: 'Not now',
};
