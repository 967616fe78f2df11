/**
 * What a benchmark of sign-ins runs on: PostgreSQL, a stub provider and the hub, each in processes of its own. The hub is bound to one
 * processor, everything else to the other, so that its cost can be told.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../server/src/database/index.ts';
import { type Client, manage, readKeys } from './flow.ts';
import { type Started, startNode } from './processes.ts';

const REDIRECT_URI = 'http://localhost:9/callback';

export interface Bench {
  /** Address of the hub, and an API token of its administrator. */
  hub: string;
  token: string;
  /** Confidential applications of one hub that differ in the algorithm of their ID tokens. */
  clients: Record<'RS256' | 'ES256', Client>;
  hubPid: number;
  postmaster: number;
  database: pg.Client;
  stop(): Promise<void>;
}

/** `nodeOptions` and `settings` (of PostgreSQL) are for comparing variants. */
export async function startBench(
  options: { nodeOptions?: string[]; settings?: Record<string, string> } = {},
): Promise<Bench> {
  const directory = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
  const postgres = await startEmbeddedPostgres(directory, { settings: options.settings ?? {} });
  const started: Started[] = [];
  let database: pg.Client | undefined;
  const stop = async () => {
    await database?.end();
    for (const { stop } of started.reverse()) await stop();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const [cpuOfHub, cpuOfLoad] = availableParallelism() > 1 && hasTaskset() ? [0, 1] : [null, null];
    if (cpuOfLoad !== null)
      execFileSync('taskset', ['-cp', String(cpuOfLoad), String(process.pid)], { stdio: 'ignore' });
    const token = randomBytes(24).toString('hex');
    const [hubPort, stubPort] = [40_000 + (process.pid % 10_000), 50_000 + (process.pid % 10_000)];
    const url = `http://localhost:${hubPort}`;
    started.push(
      startNode(join(import.meta.dirname, 'stub-idp.ts'), { cpu: cpuOfLoad, env: { STUB_PORT: String(stubPort) } }),
    );
    const hub = startNode(join(import.meta.dirname, '../../server/src/main.ts'), {
      cpu: cpuOfHub,
      nodeOptions: options.nodeOptions ?? [],
      env: {
        GATEHOUSE_URL: url,
        GATEHOUSE_DATABASE_URL: postgres.url,
        GATEHOUSE_DATA_DIR: directory,
        GATEHOUSE_SECRET_KEY: randomBytes(32).toString('base64'),
        GATEHOUSE_API_TOKEN: token,
        GATEHOUSE_ALLOW_EGRESS: `localhost:${stubPort}`,
      },
    });
    started.push(hub);
    await ready(url);
    const clients = await configure(url, token, stubPort);
    database = new pg.Client({ connectionString: postgres.url });
    await database.connect();
    return { hub: url, token, clients, hubPid: hub.pid, postmaster: await postmasterOf(database), database, stop };
  } catch (error) {
    await stop();
    throw error;
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

/** An identity provider with the mappings of the ID.me guide, and confidential applications assigned to everyone. */
async function configure(hub: string, token: string, stubPort: number): Promise<Bench['clients']> {
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
  const keys = await readKeys(hub);
  const application = async (alg: 'RS256' | 'ES256'): Promise<Client> => {
    const app = await createApplication(hub, token, alg);
    await routeTo(hub, token, { appId: app.id, idpId: idp.id, name: `Bench ${alg}` });
    const { client_id, client_secret } = app.credentials.oauthClient;
    return { hub, clientId: client_id, clientSecret: client_secret, redirectUri: REDIRECT_URI, keys };
  };
  return { RS256: await application('RS256'), ES256: await application('ES256') };
}

interface Application {
  id: string;
  credentials: { oauthClient: { client_id: string; client_secret: string } };
}

async function createApplication(hub: string, token: string, alg: string): Promise<Application> {
  const app = await manage<Application>(hub, token, 'POST', '/api/v1/apps', {
    name: 'oidc_client',
    label: `Bench ${alg}`,
    signOnMode: 'OPENID_CONNECT',
    credentials: { oauthClient: { token_endpoint_auth_method: 'client_secret_basic' } },
    settings: {
      oauthClient: {
        application_type: 'web',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [REDIRECT_URI],
        id_token_signed_response_alg: alg,
      },
    },
  });
  const [everyone] = await manage<{ id: string }[]>(hub, token, 'GET', '/api/v1/groups?q=Everyone');
  await manage(hub, token, 'PUT', `/api/v1/apps/${app.id}/groups/${everyone!.id}`, {});
  return app;
}

async function routeTo(
  hub: string,
  token: string,
  { appId, idpId, name }: { appId: string; idpId: string; name: string },
): Promise<void> {
  const [policy] = await manage<{ id: string }[]>(hub, token, 'GET', '/api/v1/policies?type=IDP_DISCOVERY');
  await manage(hub, token, 'POST', `/api/v1/policies/${policy!.id}/rules`, {
    type: 'IDP_DISCOVERY',
    name,
    conditions: { network: { connection: 'ANYWHERE' }, app: { include: [{ type: 'APP', id: appId }], exclude: [] } },
    actions: { idp: { providers: [{ type: 'OIDC', id: idpId }], idpSelectionType: 'SPECIFIC' } },
  });
}

async function postmasterOf(database: pg.Client): Promise<number> {
  const { rows } = await database.query<{ pid: number }>('select pg_backend_pid() as pid');
  const stat = readFileSync(`/proc/${rows[0]!.pid}/stat`, 'utf8');
  return Number(stat.split(') ')[1]!.split(' ')[1]);
}
