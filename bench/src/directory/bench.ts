/**
 * The management API at growing numbers of people: get, search, pages near and far, create. Every size has a database and a hub of its own;
 * the rounds of all sizes and operations are interleaved, so that what else the machine does meets all of them.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Pool } from 'undici';
import { startEmbeddedPostgres } from '../../../server/src/database/index.ts';
import { manage } from '../flow.ts';
import { median, quantile, round, signatureMilliseconds } from '../measure.ts';
import { cpuSeconds, cpuSecondsOfTree, type Started, startNode } from '../processes.ts';
import { badgeOf, CUSTOM_ATTRIBUTES, fillGroups, fillPeople, GRADES, readOrg } from './load.ts';

const SIZES = (process.env.BENCH_SIZES ?? '1000,100000,1000000').split(',').map(Number);
const ROUNDS = 5;
const SECONDS = 1;
const IN_FLIGHT = 4;
const PAGE = 200;

interface Directory {
  size: number;
  hub: string;
  hubPid: number;
  token: string;
  database: pg.Client;
  pool: Pool;
  /** The id after which page 1,000 begins; of the middle where there are fewer pages. */
  far: string;
}

interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  hub: number;
  postgres: number;
}

const OPERATIONS: Record<string, (directory: Directory) => Promise<unknown>> = {
  'get user': (d) => get(d, `/api/v1/users/${someone(d)}`, (body) => body.id !== undefined),
  'get user by login': (d) =>
    get(d, `/api/v1/users/${encodeURIComponent(loginOf.get(d)!)}`, (body) => body.id !== undefined),
  'search eq, one answer': (d) => {
    const search = encodeURIComponent(`profile.badge eq "${badgeOf(1 + pick(d.size))}"`);
    return get(d, `/api/v1/users?limit=20&search=${search}`, (body) => body.length === 1);
  },
  'search eq, 20 answers': (d) => {
    const search = encodeURIComponent(`profile.grade eq ${pick(GRADES)}`);
    return get(d, `/api/v1/users?limit=20&search=${search}`, (body) => body.length === 20);
  },
  'search gt, sorted': (d) =>
    get(
      d,
      `/api/v1/users?limit=20&sortBy=profile.lastName&search=${encodeURIComponent('profile.grade gt 15')}`,
      (body) => body.length === 20,
    ),
  'list, page 1': (d) => get(d, `/api/v1/users?limit=${PAGE}`, (body) => body.length === PAGE),
  'list, page 1,000': (d) => get(d, `/api/v1/users?limit=${PAGE}&after=${d.far}`, (body) => body.length === PAGE),
  'create user': (d) => create(d),
};

const loginOf = new WeakMap<Directory, string>();
const pick = (below: number) => Math.floor(Math.random() * below);
const idOf = (n: number) => `00u0${String(n).padStart(16, '0')}`;
const someone = ({ size }: Directory) => idOf(1 + pick(size));

// biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
type Any = any;

async function get({ pool, token }: Directory, path: string, right: (body: Any) => boolean): Promise<void> {
  const { statusCode, body } = await pool.request({ path, method: 'GET', headers: { authorization: `SSWS ${token}` } });
  const text = await body.text();
  if (statusCode !== 200 || !right(JSON.parse(text)))
    throw new Error(`GET ${path}: expected what is there, found ${statusCode} ${text.slice(0, 200)}`);
}

async function create({ pool, token }: Directory): Promise<void> {
  const login = `bench.${randomBytes(8).toString('hex')}@example.com`;
  const profile = {
    login,
    email: login,
    firstName: 'Bench',
    lastName: 'Mark',
    department: 'Research',
    badge: login,
    remote: true,
    grade: 4,
  };
  const { statusCode, body } = await pool.request({
    path: '/api/v1/users?activate=true',
    method: 'POST',
    headers: { authorization: `SSWS ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ profile }),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`create user: ${statusCode} ${text.slice(0, 200)}`);
}

export async function benchDirectory(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const postgres = await startEmbeddedPostgres(folder, { settings: { shared_buffers: '1GB', max_wal_size: '4GB' } });
  const started: Started[] = [];
  const directories: Directory[] = [];
  try {
    console.log(
      `The directory at ${SIZES.map((size) => size.toLocaleString('en')).join(', ')} people; load of the machine ${loadavg()[0]!.toFixed(1)}`,
    );
    for (const [index, size] of SIZES.entries())
      directories.push(await startDirectory(postgres.url, folder, { size, index, started }));
    const postmaster = await postmasterOf(directories[0]!.database);
    const figures = new Map<string, Figures[]>();
    const signatures: number[] = [];
    for (const operation of Object.values(OPERATIONS))
      for (const directory of directories) await round(() => operation(directory), { inFlight: IN_FLIGHT, count: 30 });
    for (let i = 1; i <= ROUNDS; i++) {
      signatures.push(signatureMilliseconds());
      for (const [name, operation] of Object.entries(OPERATIONS))
        for (const directory of directories) {
          const key = `${name} ${directory.size}`;
          figures.set(key, [...(figures.get(key) ?? []), await measured(directory, postmaster, operation)]);
        }
      console.log(`  round ${i} of ${ROUNDS}`);
    }
    report(figures);
    console.log(
      `  CPU of one RS256-2048 signature (control)  ${median(signatures).toFixed(3)} ms; load of the machine ${loadavg()[0]!.toFixed(1)}`,
    );
  } finally {
    for (const { pool, database } of directories) await Promise.all([pool.close(), database.end()]);
    for (const { stop } of started.reverse()) await stop();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function startDirectory(
  server: string,
  folder: string,
  { size, index, started }: { size: number; index: number; started: Started[] },
): Promise<Directory> {
  const name = `bench_${size}`;
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  await admin.query(`create database ${name}`);
  await admin.end();
  const address = new URL(server);
  address.pathname = `/${name}`;
  const hub = `http://localhost:${40_000 + (process.pid % 10_000) + index}`;
  const token = randomBytes(24).toString('hex');
  const running = startNode(join(import.meta.dirname, '../../../server/src/main.ts'), {
    cpu: availableParallelism() > 1 ? 0 : null,
    env: {
      GATEHOUSE_URL: hub,
      GATEHOUSE_DATABASE_URL: address.href,
      GATEHOUSE_DATA_DIR: join(folder, name),
      GATEHOUSE_SECRET_KEY: randomBytes(32).toString('base64'),
      GATEHOUSE_API_TOKEN: token,
    },
  });
  started.push(running);
  await ready(hub);
  await manage(hub, token, 'PUT', '/api/gatehouse/v1/org/settings', { requestsPerMinute: 1_000_000 });
  await manage(hub, token, 'POST', '/api/v1/meta/schemas/user/default', {
    definitions: { custom: { id: '#custom', type: 'object', properties: CUSTOM_ATTRIBUTES } },
  });
  const database = new pg.Client({ connectionString: address.href });
  await database.connect();
  await fill(database, size);
  const directory = {
    size,
    hub,
    hubPid: running.pid,
    token,
    database,
    pool: new Pool(hub, { connections: 8 }),
    far: '',
  };
  // Ids of filled people are counted from 1: a page's last is as many as the pages before hold, but the deprovisioned, who are left out.
  directory.far = idOf(Math.round(Math.min(1_000 * PAGE * 1.02, size / 2)));
  const { rows } = await database.query('select login_key from users where id = $1', [idOf(Math.ceil(size / 2) + 1)]);
  loginOf.set(directory, rows[0].login_key);
  return directory;
}

/** Everything but the keys stands aside while the tables are filled; what the migrations made is made again afterwards, as they made it. */
async function fill(database: pg.Client, size: number): Promise<void> {
  const begun = performance.now();
  await customIndexes(database);
  await database.query(`set synchronous_commit = off; set maintenance_work_mem = '512MB'`);
  const { rows } = await database.query<{ name: string; definition: string }>(
    `select indexname as name, indexdef as definition from pg_indexes where tablename = 'users' and indexname not in ('users_pkey', 'users_login')`,
  );
  const at = new Date('2026-01-01T00:00:00Z');
  const org = await readOrg(database);
  await fillGroups(database, org, at);
  for (const { name } of rows) await database.query(`drop index ${pg.escapeIdentifier(name)}`);
  await fillPeople(database, org, { from: 0, to: size, at });
  const filled = performance.now();
  for (const { definition } of rows) await database.query(definition);
  await database.query('vacuum analyze');
  const bytes = await database.query<{ total: string; indexes: string }>(
    `select pg_size_pretty(pg_total_relation_size('users')) as total, pg_size_pretty(pg_indexes_size('users')) as indexes`,
  );
  console.log(
    `  ${size.toLocaleString('en')} people filled in ${((filled - begun) / 1000).toFixed(0)} s, ${rows.length} indexes made in ${((performance.now() - filled) / 1000).toFixed(0)} s; users ${bytes.rows[0]!.total}, of it indexes ${bytes.rows[0]!.indexes}`,
  );
}

/** The hub makes them by a job. */
async function customIndexes(database: pg.Client): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const { rows } = await database.query(
      `select 1 from pg_index i join pg_class c on c.oid = i.indexrelid where starts_with(c.relname, 'users_custom_') and i.indisvalid`,
    );
    if (rows.length === Object.keys(CUSTOM_ATTRIBUTES).length) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The hub made no indexes for the custom attributes within 30 seconds.');
}

async function ready(hub: string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const answer = await fetch(`${hub}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The hub was not ready within a minute.');
}

async function postmasterOf(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ pid: number }>('select pg_backend_pid() as pid');
  return Number(readFileSync(`/proc/${rows[0]!.pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]);
}

async function measured(
  directory: Directory,
  postmaster: number,
  operation: (d: Directory) => Promise<unknown>,
): Promise<Figures> {
  const before = { hub: cpuSeconds(directory.hubPid), postgres: cpuSecondsOfTree(postmaster) };
  const { count, seconds, latencies } = await round(() => operation(directory), {
    inFlight: IN_FLIGHT,
    seconds: SECONDS,
  });
  return {
    perSecond: count / seconds,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
    hub: ((cpuSeconds(directory.hubPid) - before.hub) * 1000) / count,
    postgres: ((cpuSecondsOfTree(postmaster) - before.postgres) * 1000) / count,
  };
}

function report(figures: ReadonlyMap<string, Figures[]>): void {
  const cell = (text: string, width = 11) => text.padStart(width);
  console.log(
    `  ${'medians of the rounds'.padEnd(30)}${['people', 'requests/s', 'p50 ms', 'p99 ms', 'hub ms', 'PG ms', 'p50 ×', 'p99 ×'].map((title) => cell(title)).join('')}`,
  );
  for (const name of Object.keys(OPERATIONS)) {
    const first = figures.get(`${name} ${SIZES[0]}`)!;
    for (const size of SIZES) {
      const rounds = figures.get(`${name} ${size}`)!;
      const of = (key: keyof Figures, all = rounds) => median(all.map((one) => one[key]));
      console.log(
        `  ${name.padEnd(30)}${[size.toLocaleString('en'), of('perSecond').toFixed(0), of('p50').toFixed(2), of('p99').toFixed(2), of('hub').toFixed(2), of('postgres').toFixed(2), (of('p50') / of('p50', first)).toFixed(2), (of('p99') / of('p99', first)).toFixed(2)].map((text) => cell(text)).join('')}`,
      );
    }
  }
}
