/**
 * The one way to PostgreSQL: the pool, transactions, migrations, jobs, notifications and the server that the hub can bring along.
 * It holds no table of any module but the list of applied migrations, and no rule of the domain. Level 1: everybody above may use it.
 */
export { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/start.ts';
export type { Database, Executor, Queryable, Statement, Tx } from './executor.ts';
export { addJob, type Jobs, type JobsOptions, type Schedule, startJobs, type Task } from './jobs.ts';
export { type Listening, listen } from './listen.ts';
export { migrate } from './migrate.ts';
export { keepIndexes, type WantedIndexes } from './online-indexes.ts';
export { inTransaction, type OpenOptions, openDatabase } from './pool.ts';
export { rewrapColumn, type SealedColumn } from './sealed-column.ts';
export { sideBySide } from './side-by-side.ts';
export { StartRefusal } from './start-refusal.ts';
