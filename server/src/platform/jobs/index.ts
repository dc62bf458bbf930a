/** What features and entry points use of the job queue. */
export { defineJob } from './define.ts';
export type { Job, JobContext, JobHelpers, JobServices, Schedule } from './define.ts';
export { enqueue } from './enqueue.ts';
export type { EnqueueOptions } from './enqueue.ts';
export type { EnqueueableJob } from './names.ts';
export { defineImportJob } from './import-job.ts';
export { createRun, type NewRun } from './runs.ts';
export { startWorker } from './worker.ts';
export type { JobOutcome, RunningWorker, WorkerOptions } from './worker.ts';
