/**
 * jobs: long work with progress: begun in the transaction of the change that wants it, done in steps of one transaction each, so that it
 * goes on exactly where it stopped, in whatever hub; paused, resumed and cancelled by administrators. It is not the queue that wakes it
 * (database) nor what the work is: a module brings a handler per kind, and app.ts introduces them. Level 3.
 */
export { jobRoutes } from './routes.ts';
export type { JobHandler, Problem, RunningJob, Step } from './run.ts';
export type { JobStatus, JobWire } from './schema.ts';
export { createJobs, type Jobs, type StartJob } from './service.ts';
