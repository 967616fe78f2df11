/**
 * Brokered OIDC sign-ins end to end: hub, PostgreSQL and a stub provider in processes of their own, the load in this one. The hub is
 * bound to one processor, everything else to the other, so that its cost can be told.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../server/src/database/index.ts';
import { type Client, manage, readKeys, signIn } from './flow.ts';
import { median, quantile, round, signatureMilliseconds } from './measure.ts';
import { cpuSeconds, cpuSecondsOfTree, residentMiB, type Started, startNode } from './processes.ts';

const ROUNDS = 5;
const SECONDS = 4;
const IN_FLIGHT = 8;
const MEMORY_STEPS = [2_000, 10_000, 14_000, 18_000];
const REDIRECT_URI = 'http://localhost:9/callback';

interface Figures {
  hub: number;
  postgres: number;
  signature: number;
  perSecond: number;
  statements: number;
  p50: number;
  p99: number;
}

export async function benchSignIns(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const postgres = await startEmbeddedPostgres(directory, {});
  const started: Started[] = [];
  try {
    const [cpuOfHub, cpuOfLoad] = availableParallelism() > 1 && hasTaskset() ? [0, 1] : [null, null];
    if (cpuOfLoad !== null)
      execFileSync('taskset', ['-cp', String(cpuOfLoad), String(process.pid)], { stdio: 'ignore' });
    const token = randomBytes(24).toString('hex');
    const [hubPort, stubPort] = [40_000 + (process.pid % 10_000), 50_000 + (process.pid % 10_000)];
    const hub = `http://localhost:${hubPort}`;
    started.push(
      startNode(join(import.meta.dirname, 'stub-idp.ts'), { cpu: cpuOfLoad, env: { STUB_PORT: String(stubPort) } }),
    );
    const hubProcess = startNode(join(import.meta.dirname, '../../server/src/main.ts'), {
      cpu: cpuOfHub,
      env: {
        GATEHOUSE_URL: hub,
        GATEHOUSE_DATABASE_URL: postgres.url,
        GATEHOUSE_DATA_DIR: directory,
        GATEHOUSE_SECRET_KEY: randomBytes(32).toString('base64'),
        GATEHOUSE_API_TOKEN: token,
        GATEHOUSE_ALLOW_EGRESS: `localhost:${stubPort}`,
      },
    });
    started.push(hubProcess);
    await ready(hub);
    const client = await configure(hub, token, stubPort);
    const database = new pg.Client({ connectionString: postgres.url });
    await database.connect();
    const postmaster = await postmasterOf(database);

    console.log('Brokered OIDC sign-ins (authorize → provider → callback → token), known users, warm');
    await round(() => signIn(client), { inFlight: IN_FLIGHT, count: 1_500 });
    const rounds: Figures[] = [];
    for (let i = 1; i <= ROUNDS; i++) {
      rounds.push(await measured(client, database, hubProcess.pid, postmaster));
      console.log(`  round ${i} of ${ROUNDS}: ${rounds.at(-1)!.perSecond.toFixed(0)} sign-ins/s`);
    }
    report(rounds);
    await memory(client, hubProcess.pid);
    await database.end();
  } finally {
    for (const { stop } of started.reverse()) await stop();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function ready(hub: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answer = await fetch(`${hub}/readyz`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The hub was not ready within 30 seconds.');
}

/** An identity provider with the mappings of the ID.me guide, and a confidential application assigned to everyone. */
async function configure(hub: string, token: string, stubPort: number): Promise<Client> {
  const stub = `http://localhost:${stubPort}`;
  const idp = await manage<{ id: string }>(hub, token, 'POST', '/api/v1/idps', {
    type: 'OIDC',
    name: 'Bench',
    protocol: {
      type: 'OIDC',
      scopes: ['openid', 'nist_aal2_ial2'],
      issuer: { url: stub },
      endpoints: {
        authorization: { url: `${stub}/authorize`, binding: 'HTTP-REDIRECT' },
        token: { url: `${stub}/token`, binding: 'HTTP-POST' },
        jwks: { url: `${stub}/keys`, binding: 'HTTP-REDIRECT' },
      },
      credentials: { client: { client_id: 'bench', client_secret: 'bench-secret-bench-secret-bench-secret' } },
    },
    policy: {
      accountLink: { action: 'AUTO' },
      provisioning: { action: 'AUTO', profileMaster: true, groups: { action: 'NONE' } },
      subject: { matchType: 'USERNAME_OR_EMAIL', userNameTemplate: { template: 'idpuser.email' } },
    },
  });
  const [mapping] = await manage<{ id: string }[]>(hub, token, 'GET', `/api/v1/mappings?sourceId=${idp.id}`);
  await manage(hub, token, 'POST', `/api/v1/mappings/${mapping!.id}`, {
    properties: Object.fromEntries(
      Object.entries({ firstName: 'fname', lastName: 'lname', mobilePhone: 'phone', zipCode: 'zip' }).map(
        ([to, from]) => [to, { expression: `appuser.${from}`, pushStatus: 'PUSH' }],
      ),
    ),
  });
  const app = await manage<{ id: string; credentials: { oauthClient: { client_id: string; client_secret: string } } }>(
    hub,
    token,
    'POST',
    '/api/v1/apps',
    {
      name: 'oidc_client',
      label: 'Bench',
      signOnMode: 'OPENID_CONNECT',
      credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
      settings: {
        oauthClient: {
          application_type: 'web',
          grant_types: ['authorization_code'],
          response_types: ['code'],
          redirect_uris: [REDIRECT_URI],
        },
      },
    },
  );
  const [everyone] = await manage<{ id: string }[]>(hub, token, 'GET', '/api/v1/groups?q=Everyone');
  await manage(hub, token, 'PUT', `/api/v1/apps/${app.id}/groups/${everyone!.id}`, {});
  const [policy] = await manage<{ id: string }[]>(hub, token, 'GET', '/api/v1/policies?type=IDP_DISCOVERY');
  await manage(hub, token, 'POST', `/api/v1/policies/${policy!.id}/rules`, {
    type: 'IDP_DISCOVERY',
    name: 'Bench',
    conditions: { network: { connection: 'ANYWHERE' }, app: { include: [{ type: 'APP', id: app.id }], exclude: [] } },
    actions: { idp: { providers: [{ type: 'OIDC', id: idp.id }], idpSelectionType: 'SPECIFIC' } },
  });
  const { client_id, client_secret } = app.credentials.oauthClient;
  return {
    hub,
    clientId: client_id,
    clientSecret: client_secret,
    redirectUri: REDIRECT_URI,
    keys: await readKeys(hub),
  };
}

async function postmasterOf(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ pid: number }>('select pg_backend_pid() as pid');
  const stat = readFileSync(`/proc/${rows[0]!.pid}/stat`, 'utf8');
  return Number(stat.split(') ')[1]!.split(' ')[1]);
}

async function committed(database: pg.Client): Promise<number> {
  await database.query('select pg_stat_clear_snapshot()');
  const { rows } = await database.query<{ count: string }>(
    'select xact_commit as count from pg_stat_database where datname = current_database()',
  );
  return Number(rows[0]!.count);
}

async function measured(client: Client, database: pg.Client, hubPid: number, postmaster: number): Promise<Figures> {
  const signature = signatureMilliseconds();
  const before = {
    hub: cpuSeconds(hubPid),
    postgres: cpuSecondsOfTree(postmaster),
    statements: await committed(database),
  };
  const { count, seconds, latencies } = await round(() => signIn(client), { inFlight: IN_FLIGHT, seconds: SECONDS });
  // The server publishes its counters about once a second.
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  return {
    hub: ((cpuSeconds(hubPid) - before.hub) * 1000) / count,
    postgres: ((cpuSecondsOfTree(postmaster) - before.postgres) * 1000) / count,
    signature,
    perSecond: count / seconds,
    statements: ((await committed(database)) - before.statements) / count,
    p50: quantile(latencies, 0.5),
    p99: quantile(latencies, 0.99),
  };
}

function report(rounds: readonly Figures[]): void {
  const line = (label: string, pick: (figures: Figures) => number, unit: string, digits = 2) => {
    const values = rounds.map(pick);
    console.log(
      `  ${label.padEnd(46)} ${median(values).toFixed(digits).padStart(9)} ${unit.padEnd(4)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`,
    );
  };
  line('sign-ins per second, one hub process', (f) => f.perSecond, '/s', 0);
  line('latency, median', (f) => f.p50, 'ms');
  line('latency, p99', (f) => f.p99, 'ms');
  line('CPU of the hub per sign-in', (f) => f.hub, 'ms');
  line('CPU of PostgreSQL per sign-in', (f) => f.postgres, 'ms');
  line('statements (transactions) per sign-in', (f) => f.statements, '');
  line('HTTP requests to the hub per sign-in', () => 3, '', 0);
  line('CPU of one RS256-2048 signature (control)', (f) => f.signature, 'ms', 3);
  line('hub + PostgreSQL, in RS256 signatures (goal ≤ 5)', (f) => (f.hub + f.postgres) / f.signature, '×');
}

async function memory(client: Client, hubPid: number): Promise<void> {
  console.log('Resident memory of the hub');
  let done = 0;
  for (const step of MEMORY_STEPS) {
    await round(() => signIn(client), { inFlight: IN_FLIGHT, count: step - done });
    done = step;
    console.log(`  after ${String(step).padStart(6)} more sign-ins ${residentMiB(hubPid).toFixed(0).padStart(5)} MiB`);
  }
}
