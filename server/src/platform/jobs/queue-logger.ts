import { Logger as QueueLogger } from 'graphile-worker';

import { connectionLoss, isUnavailable } from '../database/failures.ts';
import type { Logger } from '../log.ts';

/**
 * Sends graphile-worker's messages to our log. Its reports about single jobs are left to our own wrapper around each
 * job, which knows user and request; what it calls "info" is our "debug".
 */
export const queueLogger = (log: Logger): QueueLogger =>
  new QueueLogger((scope) => (level, message, meta) => {
    const error: unknown = meta?.['error'];
    const fields = error === undefined ? scope : { ...scope, err: error };
    const aboutOneJob = meta?.['failure'] === true || meta?.['success'] === true;
    if (aboutOneJob) {
      log.trace(scope, message);
    } else if (isUnavailable(error)) {
      // It connects again by itself.
      log.warn({ ...scope, ...connectionLoss(error) }, 'The job queue lost its database');
    } else if (level === 'error') {
      log.error(fields, message);
    } else if (level === 'warning') {
      log.warn(fields, message);
    } else {
      log.debug(fields, message);
    }
  });
