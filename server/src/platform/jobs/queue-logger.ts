import { Logger as QueueLogger } from 'graphile-worker';

import type { Logger } from '../log.ts';

/** Sends graphile-worker's messages to our log; its "info" is our "debug", since it reports every job. */
export const queueLogger = (log: Logger): QueueLogger =>
  new QueueLogger((scope) => (level, message, meta) => {
    const fields = { ...scope, ...(meta?.['error'] === undefined ? {} : { err: meta['error'] }) };
    if (level === 'error') log.error(fields, message);
    else if (level === 'warning') log.warn(fields, message);
    else log.debug(fields, message);
  });
