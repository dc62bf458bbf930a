import type { FastifyRequest } from 'fastify';

const FORWARDING = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'via',
];

/**
 * True for a program on this machine that asks for itself. A proxy on this machine also connects from here, but says
 * for whom.
 */
export const isFromThisMachine = ({ headers, socket }: FastifyRequest): boolean =>
  /^(?:127\.|::1$|::ffff:127\.)/u.test(socket.remoteAddress ?? '') &&
  FORWARDING.every((name) => headers[name] === undefined);
