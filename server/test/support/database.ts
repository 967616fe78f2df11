/**
 * Databases for tests: an embedded PostgreSQL for each worker of the run (vitest's global setup), one migrated template in it, and a clone
 * of the template for whoever asks. The template is made afresh in every run, so it always has the migrations of the moment. Workers do not
 * share a server: what the System Log shows waits for every transaction that is open on it (system-log/polling.ts).
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { type Database, migrate, openDatabase, startEmbeddedPostgres } from '../../src/database/index.ts';

const TEMPLATE = 'template_gatehouse';

declare module 'vitest' {
  export interface ProvidedContext {
    /** URLs of the workers' PostgreSQL servers, with the maintenance database. */
    postgresUrls: string[];
  }
}

export interface TestDatabase {
  database: Database;
  url: string;
  /** Closes the connections and drops the database. */
  drop(): Promise<void>;
}

/** A migrated, empty database of its own. Takes about 50 ms: one per test file, or per test that needs it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const servers = inject('postgresUrls');
  const server = servers[(Number(process.env.VITEST_POOL_ID) - 1) % servers.length]!;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runOn(server, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`);
  const url = withDatabase(server, name);
  const database = await openDatabase({ url, poolSize: 10 });
  return {
    database,
    url,
    async drop() {
      await database.close();
      await runOn(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Vitest's global setup. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const servers = await Promise.all(Array.from({ length: project.config.maxWorkers }, startServer));
  project.provide(
    'postgresUrls',
    servers.map(({ url }) => url),
  );
  return async () => {
    await Promise.all(servers.map(({ stop }) => stop()));
  };
}

async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-test-'));
  const postgres = await startEmbeddedPostgres(dataDir, {
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      autovacuum: 'off',
      max_connections: '400',
    },
  });
  const url = withDatabase(postgres.url, 'postgres');
  await runOn(url, `CREATE DATABASE ${TEMPLATE}`);
  const template = await openDatabase({ url: withDatabase(url, TEMPLATE), poolSize: 2 });
  await migrate(template);
  await template.close();
  return {
    url,
    async stop() {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

async function runOn(url: string, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
