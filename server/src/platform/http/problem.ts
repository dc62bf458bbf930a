/**
 * Errors as they are answered: RFC 9457 `application/problem+json`.
 *
 * Contents: toAppError (anything thrown → AppError) · problemOf (AppError → JSON) · sendProblem · endWithProblem
 */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

import type { Problem } from '@pm/contracts/common';
import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';

import { AppError, badRequest, isAppError, tooLarge } from '#platform/errors.ts';

import { fromDatabaseError } from './database-errors.ts';
import { JSON_BODY_BYTES_MAX } from './limits.ts';

/** A problem as JSON. */
export type ProblemJson = Static<typeof Problem>;

/** Errors of the framework that the client caused, by Fastify's code. */
const FRAMEWORK: Readonly<Record<string, (limitBytes: number) => AppError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: (limit) => bodyTooLarge(limit),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => unsupportedMediaType(),
  FST_ERR_CTP_EMPTY_TYPE: () => unsupportedMediaType(),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => badRequest('not_json', 'The body is empty.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () =>
    badRequest('invalid_length', 'The body is not as long as its Content-Length says.'),
  FST_ERR_BAD_URL: () => badRequest('invalid_address', 'The address contains an invalid percent encoding.'),
  FST_ERR_MAX_PARAM_LENGTH: () => new AppError(404, 'not_found', 'There is nothing at this address.'),
};

const KIB = 1024;

/** A limit as people say it: limits are round numbers. */
const sizeText = (bytes: number): string => {
  if (bytes < KIB) return `${bytes} bytes`;
  return bytes < KIB * KIB ? `${Math.floor(bytes / KIB)} KB` : `${Math.floor(bytes / KIB / KIB)} MB`;
};

/** 413 that names the limit. */
export const bodyTooLarge = (limitBytes: number): AppError =>
  tooLarge(`The body is larger than the ${sizeText(limitBytes)} allowed here.`);

/** 415: JSON routes take JSON only, which also keeps plain cross-site forms out. */
export const unsupportedMediaType = (): AppError =>
  new AppError(415, 'unsupported_media_type', 'Send the body as application/json.');

/** 404 for addresses that no route has. */
export const noSuchRoute = (): AppError =>
  new AppError(404, 'not_found', 'There is nothing at this address.');

const internal = (cause: unknown): AppError =>
  new AppError(500, 'internal_error', 'Something went wrong on our side. It has been recorded.', { cause });

/**
 * The error to show for anything that was thrown.
 * @param limitBytes the body limit of the route, named in a 413
 */
export const toAppError = (error: unknown, limitBytes = JSON_BODY_BYTES_MAX): AppError => {
  if (isAppError(error)) return error;
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  const known = typeof code === 'string' ? FRAMEWORK[code] : undefined;
  return known?.(limitBytes) ?? fromDatabaseError(error) ?? fromStatus(error) ?? internal(error);
};

/** Other refusals of the framework and its plugins carry a status; only those that blame the client are passed on. */
const fromStatus = (error: unknown): AppError | undefined => {
  const status: unknown = error instanceof Error ? Reflect.get(error, 'statusCode') : undefined;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return new AppError(status, 'refused', STATUS_CODES[status] ?? 'The request was refused.');
};

/** The JSON of a problem. `type` is `about:blank`: the stable part is `code` (RFC 9457, 4.2.1). */
export const problemOf = (error: AppError, requestId: string): ProblemJson => ({
  type: 'about:blank',
  title: STATUS_CODES[error.status] ?? 'Error',
  status: error.status,
  detail: error.detail,
  code: error.code,
  ...(error.field === undefined ? {} : { field: error.field }),
  ...(error.errors === undefined ? {} : { errors: error.errors.map((one) => ({ ...one })) }),
  requestId,
});

/** Answers with a problem. */
export const sendProblem = (reply: FastifyReply, error: AppError): FastifyReply =>
  reply
    .code(error.status)
    .headers(error.headers ?? {})
    .header('x-request-id', reply.request.id)
    .header('x-content-type-options', 'nosniff')
    .header('cache-control', 'no-store')
    .type('application/problem+json; charset=utf-8')
    .serializer((value: unknown) => JSON.stringify(value))
    .send(problemOf(error, reply.request.id));

/** Sends an error to a connection that is no HTTP request, or none any more, and ends it. */
export const endWithProblem = (socket: Duplex, error: AppError, requestId: string): void => {
  const body = JSON.stringify(problemOf(error, requestId));
  socket.end(
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ''}\r\nContent-Type: application/problem+json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
};
