import { Logger as QueueLogger } from 'graphile-worker';

import type { Logger } from '../log.ts';

/**
 * Sends graphile-worker's messages to our log. Its reports about single jobs are left to our own wrapper around each
 * job, which knows user and request; what it calls "info" is our "debug".
 */
export const queueLogger = (log: Logger): QueueLogger =>
  new QueueLogger((scope) => (level, message, meta) => {
    const fields = { ...scope, ...(meta?.['error'] === undefined ? {} : { err: meta['error'] }) };
    const aboutOneJob = meta?.['failure'] === true || meta?.['success'] === true;
    if (aboutOneJob) log.trace(scope, message);
    else if (level === 'error') log.error(fields, message);
    else if (level === 'warning') log.warn(fields, message);
    else log.debug(fields, message);
  });
