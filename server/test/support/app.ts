/** A hub in this process, on a database of its own, with a clock that the test holds. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { type App, createApp } from '../../src/app.ts';
import type { Config } from '../../src/config.ts';
import type { Database } from '../../src/database/index.ts';
import { type Logger, silentLogger } from '../../src/shared/log.ts';
import { type TestClock, testClock } from './clock.ts';
import { createTestDatabase } from './database.ts';

export const ADMIN = { email: 'admin@example.com', password: 'correct horse battery staple' };

export interface TestHub {
  url: string;
  token: string;
  clock: TestClock;
  database: Database;
  databaseUrl: string;
  config: Config;
  app: App;
  /** A call of the management API as the administrator. Answers of 400 and above are thrown unless `status` is asked for. */
  api<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T>;
  /** The same, without throwing. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: unknown }>;
  /** System Log events of one type, oldest first. */
  events(type: string): Promise<LogEvent[]>;
  close(): Promise<void>;
}

export interface LogEvent {
  eventType: string;
  outcome: { result: string; reason: string | null };
  severity: string;
  actor: { id: string };
  target: { id: string; type: string; alternateId: string; displayName: string }[];
  debugContext: { debugData: Record<string, unknown> };
  transaction: { id: string };
}

export interface HubOptions {
  allowEgress?: string[];
  clock?: TestClock;
  log?: Logger;
  trustedProxies?: string[];
  /** Joins the database of another hub, under the same URL and keys. */
  beside?: TestHub;
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
    server.once('error', reject);
  });
}

export async function startHub(options: HubOptions = {}): Promise<TestHub> {
  const test = options.beside === undefined ? await createTestDatabase() : null;
  const database = test?.database ?? options.beside!.database;
  const port = await freePort();
  const token = options.beside?.token ?? randomBytes(24).toString('hex');
  const config: Config = {
    url: `http://localhost:${port}`,
    host: '127.0.0.1',
    port,
    databaseUrl: test?.url ?? options.beside!.databaseUrl,
    dataDir: '/nonexistent',
    secretKey: options.beside?.config.secretKey ?? randomBytes(32),
    previousSecretKeys: [],
    adminEmail: ADMIN.email,
    adminPassword: ADMIN.password,
    apiToken: token,
    smtpUrl: null,
    mailFrom: null,
    workers: 1,
    allowEgress: options.allowEgress ?? ['127.0.0.0/8', 'localhost'],
    trustedProxies: options.trustedProxies ?? [],
    ...(options.beside === undefined ? {} : { url: options.beside.url }),
  };
  const clock = options.clock ?? options.beside?.clock ?? testClock();
  const app = await createApp({ config, database, clock, log: options.log ?? silentLogger });
  await app.listen();
  if (options.beside !== undefined) {
    // Clients of tests cannot send a Host header of their own, so the org has the second hub's address too.
    await database.query({
      text: 'insert into org_hosts (host, org_id) select $1, id from orgs',
      values: [`localhost:${port}`],
    });
  }
  const origin = `http://localhost:${port}`;

  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(origin + path, {
      method,
      redirect: 'manual',
      headers: {
        authorization: `SSWS ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true && text !== '';
    return { status: response.status, headers: response.headers, body: json ? (JSON.parse(text) as unknown) : text };
  }
  async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await call(method, path, body);
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
  return {
    url: origin,
    token,
    clock,
    database,
    databaseUrl: config.databaseUrl!,
    config,
    app,
    call,
    api,
    async events(type) {
      const { rows } = await database.query<{ payload: LogEvent }>({
        text: 'select payload from system_log where event_type = $1 order by published, xid, id',
        values: [type],
      });
      return rows.map((row) => row.payload);
    },
    async close() {
      await app.close();
      await test?.drop();
    },
  };
}
