import type { Kysely } from 'kysely';
import type pg from 'pg';

/** One statement; with a `name` it is prepared once per connection and afterwards only bound and executed (the hot path). */
export interface Statement {
  name?: string;
  text: string;
  values: unknown[];
}

export interface Queryable {
  query<R>(statement: Statement): Promise<{ rows: R[]; rowCount: number }>;
}

/** What a store works on: prepared statements and Kysely queries over the same connection, or over the pool. */
export interface Executor extends Queryable {
  /** Untyped on purpose: each store names its own tables with `executor.kysely.withTables<T>()`. */
  readonly kysely: Kysely<unknown>;
}

/** An open transaction. It ends with the callback that received it; keep no reference to it. */
export interface Tx extends Executor {}

export interface Database extends Executor {
  readonly pool: pg.Pool;
  /** The connection URL that the pool was opened with. It contains the password: never log it. */
  readonly url: string;
  /** Waits for running queries and closes every connection. May be called again. */
  close(): Promise<void>;
}
