/** An authorization server on a port of its own, over a real database, with applications and a sign-in that a test holds in its hand. */
import { createHash, randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import {
  type ActiveSession,
  type AuthorizationRequest,
  type AuthorizationServer,
  type AuthorizationServerDeps,
  type Client,
  createAuthorizationServer,
  type Pages,
  type TokenUser,
} from '../../src/authorization-server/index.ts';
import { inTransaction } from '../../src/database/index.ts';
import { createServer, pageHeaders, type RequestOrg, SUPER_ADMIN } from '../../src/http/index.ts';
import { createConfiguration } from '../../src/orgs/index.ts';
import { newId } from '../../src/shared/ids.ts';
import { silentLogger } from '../../src/shared/log.ts';
import { createSecretBox } from '../../src/shared/secret-box.ts';
import { sha256 } from '../../src/shared/secrets.ts';
import type { TraceFacts, TraceStep } from '../../src/sign-in/index.ts';
import { hostedPages } from '../../src/sign-in/index.ts';
import { type TestClock, testClock } from './clock.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

export const SECRET = 'a-client-secret-with-a-plus+and-a-percent%';
export const REDIRECT = 'https://app.example.com/callback';

export interface Harness {
  baseUrl: string;
  orgId: string;
  userId: string;
  database: TestDatabase['database'];
  clock: TestClock;
  server: FastifyInstance;
  authorization: AuthorizationServer;
  /** Who is signed in at the hub; null for nobody. */
  session: ActiveSession | null;
  /** Who signs in when a sign-in is begun. */
  signsIn: () => ActiveSession;
  /** What reached the sign-in, newest last. */
  begun: AuthorizationRequest[];
  ended: number;
  /** Statements since the last look. */
  statements(): number;
  traces: { facts: TraceFacts; steps: TraceStep[] }[];
  /** Adds an application to database and ports; a secret for every method that has one. */
  application(change?: Partial<Client>): Promise<Client>;
  user(id?: string): TokenUser;
  newSession(change?: Partial<ActiveSession>): ActiveSession;
  get(path: string, parameters: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
  post(
    path: string,
    form: Record<string, string> | URLSearchParams,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** A code for the signed-in user. */
  code(client: Client, parameters?: Record<string, string>): Promise<string>;
  /** The answer of the token endpoint for a fresh code. */
  tokens(client: Client, parameters?: Record<string, string>): Promise<Record<string, string>>;
  events(
    type: string,
  ): Promise<{ outcome: string; targets: string[]; trace: string | null; payload: Record<string, unknown> }[]>;
  /** Another process on the same database, as far as it can be had in this one; its own address. */
  secondHub(): Promise<string>;
  close(): Promise<void>;
}

const addressOf = (server: FastifyInstance) => `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;

async function listening(
  authorization: AuthorizationServer,
  org: RequestOrg,
  userId: string,
): Promise<FastifyInstance> {
  const server = createServer({
    log: silentLogger,
    https: false,
    trustedProxies: [],
    orgOf: async () => org,
    authenticate: async () => ({
      kind: 'api-token',
      userId,
      login: PROFILE.login,
      displayName: 'Ada',
      roles: [SUPER_ADMIN],
      credentialId: 't',
    }),
    ready: async () => true,
  });
  server.register(authorization.routes);
  server.register(authorization.managementRoutes);
  await server.listen({ host: '127.0.0.1', port: 0 });
  return server;
}

const PLAIN_PAGES: Pages = {
  problem: (_request, reply, { status, error, description }) =>
    pageHeaders(reply.status(status), { nonce: 'n' }).send(`<p>${error}: ${description}</p>`),
  confirmSignOut: (_request, reply, { action, fields }) =>
    pageHeaders(reply, { nonce: 'n' }).send(`<p>${action} ${JSON.stringify(fields)}</p>`),
  posting: hostedPages.posting,
};

const PROFILE = {
  login: 'ada@example.com',
  email: 'ada@example.com',
  firstName: 'Ada',
  lastName: 'Lovelace',
  mobilePhone: '+44 20 7946 0000',
  city: 'London',
  locale: 'en_GB',
};

export async function startAuthorizationServer(): Promise<Harness> {
  const { database, drop } = await createTestDatabase();
  const clock = testClock();
  const orgId = newId('org', clock.now());
  const userId = newId('user', clock.now());
  const org = { id: orgId, baseUrl: '' };
  const clients: Client[] = [];
  let statements = 0;
  const counting = {
    ...database,
    query<R>(statement: Parameters<typeof database.query>[0]) {
      statements++;
      return database.query<R>(statement);
    },
  };
  const configuration = createConfiguration(database);
  const traces: Harness['traces'] = [];
  const traceOf = (facts: TraceFacts, steps: TraceStep[], id: string) => ({
    id,
    fact: (more: TraceFacts) => void Object.assign(facts, more),
    step: (step: TraceStep) => void steps.push(step),
  });

  const deps: AuthorizationServerDeps = {
    database: counting,
    configuration,
    secretBox: createSecretBox(randomBytes(32)),
    clock,
    log: silentLogger,
    applications: {
      byId: async (_org, id) => clients.find((client) => client.id === id) ?? null,
      byClientId: async (_org, id) => clients.find((client) => client.clientId === id) ?? null,
      origins: async () =>
        new Set(clients.flatMap(({ redirectUris }) => redirectUris.map((uri) => new URL(uri).origin))),
    },
    identityProviders: { isUsable: async (_org, id) => id === '0oaUsable00000000001' },
    failuresPerMinute: async () => 10_000,
    apiScopes: async () => new Set(),
    signIn: {
      session: async () => harness.session,
      startSession: async () => null,
      async begin(request, reply, wanted, trace) {
        harness.begun.push(wanted);
        const session = harness.signsIn();
        const { user, idpId, amr, authTime } = session;
        const by = { orgId, userId: user.id, sessionId: session.id, idpId, amr, authTime, traceId: trace.id };
        const draft = authorization.draftGrant(wanted, by);
        const text = `with g as (${authorization.insertGrantSql('$1')}) select 1`;
        await database.query({ text, values: [JSON.stringify(draft.row)] });
        return authorization.respond(request, reply, wanted, draft, user);
      },
      async endSession() {
        harness.ended++;
        harness.session = null;
      },
    },
    traces: {
      start(_org, facts = {}) {
        const trace = { facts: { ...facts }, steps: [] };
        traces.push(trace);
        return traceOf(trace.facts, trace.steps, `trace${traces.length}`);
      },
      resume: (_org, id) => traceOf({}, [], id),
    },
    pages: PLAIN_PAGES,
  };
  const authorization = createAuthorizationServer(deps);
  const serve = (one: AuthorizationServer) => listening(one, org, userId);
  const server = await serve(authorization);
  org.baseUrl = addressOf(server);
  const others: FastifyInstance[] = [];

  const now = clock.now();
  await database.query({
    text: `insert into orgs (id, company_name, subdomain, base_url, created, last_updated) values ($1, 'Test', 'test', $2, $3, $3)`,
    values: [orgId, org.baseUrl, now],
  });
  await database.query({
    text: `insert into users (org_id, id, type_id, status, login_key, email_verified, profile, created, created_by, last_updated)
      values ($1, $2, 'oty', 'ACTIVE', 'ada@example.com', true, $3, $4, 'test', $4)`,
    values: [orgId, userId, JSON.stringify(PROFILE), now],
  });
  await inTransaction(database, (tx) => authorization.ensureSigningKeys(tx, orgId));

  const harness: Harness = {
    baseUrl: org.baseUrl,
    orgId,
    userId,
    database,
    clock,
    server,
    authorization,
    session: null,
    signsIn: () => harness.newSession(),
    begun: [],
    ended: 0,
    traces,
    statements() {
      const counted = statements;
      statements = 0;
      return counted;
    },
    async application(change = {}) {
      const id = change.id ?? newId('application', clock.now());
      const client: Client = {
        id,
        clientId: id,
        label: 'Sample',
        status: 'ACTIVE',
        applicationType: 'web',
        authMethod: 'client_secret_basic',
        secretSha256: change.authMethod === 'none' || change.authMethod === 'private_key_jwt' ? null : sha256(SECRET),
        jwks: null,
        redirectUris: [REDIRECT],
        postLogoutRedirectUris: ['https://app.example.com/bye'],
        grantTypes: ['authorization_code', 'implicit', 'refresh_token'],
        responseTypes: ['code', 'id_token'],
        requirePkce: false,
        idTokenAlg: 'RS256',
        assignedToEveryone: true,
        claims: [],
        profileOf: (_user, stored) => stored ?? {},
        ...change,
      };
      clients.push(client);
      await database.query({
        text: `insert into applications (org_id, id, client_id, name, label, sign_on_mode, status, config, created, last_updated)
          values ($1, $2, $3, 'oidc_client', $4, 'OPENID_CONNECT', $5, '{}', $6, $6)`,
        values: [orgId, id, client.clientId, client.label, client.status, clock.now()],
      });
      return client;
    },
    user: (id = userId) => ({
      id,
      login: PROFILE.login,
      profile: PROFILE,
      emailVerified: true,
      lastUpdated: now,
      appProfile: {},
    }),
    newSession: (change = {}) => ({
      id: newId('session', clock.now()),
      userId,
      idpId: null,
      amr: ['pwd'],
      authTime: clock.now(),
      user: harness.user(change.userId),
      assigned: () => false,
      permitted: () => true,
      ...change,
    }),
    get: (path, parameters, headers = {}) =>
      fetch(`${org.baseUrl}${path}?${new URLSearchParams(parameters)}`, { redirect: 'manual', headers }),
    post: (path, form, headers = {}) =>
      fetch(org.baseUrl + path, { method: 'POST', redirect: 'manual', body: new URLSearchParams(form), headers }),
    async code(client, parameters = {}) {
      harness.session ??= harness.newSession();
      const answer = await harness.get('/oauth2/v1/authorize', request(client, parameters));
      const code = new URL(answer.headers.get('location') ?? 'about:blank').searchParams.get('code');
      if (code === null) throw new Error(`No code: ${answer.status} ${answer.headers.get('location')}`);
      return code;
    },
    async tokens(client, parameters = {}) {
      const code = await harness.code(client, parameters);
      const answer = await harness.post('/oauth2/v1/token', redemption(client, code));
      return (await answer.json()) as Record<string, string>;
    },
    async events(type) {
      const { rows } = await database.query<Awaited<ReturnType<Harness['events']>>[number]>({
        text: `select outcome_result as outcome, target_ids as targets, trace_id as trace, payload from system_log where event_type = $1 order by id`,
        values: [type],
      });
      return rows;
    },
    async secondHub() {
      const other = await serve(createAuthorizationServer({ ...deps, configuration: createConfiguration(database) }));
      others.push(other);
      return addressOf(other);
    },
    async close() {
      await Promise.all([server, ...others].map((one) => one.close()));
      await drop();
    },
  };
  return harness;
}

/** A plain, right authorization request; `parameters` replace or (with '') leave out. */
export function request(client: Client, parameters: Record<string, string> = {}): Record<string, string> {
  const all = {
    client_id: client.clientId,
    redirect_uri: REDIRECT,
    response_type: 'code',
    scope: 'openid profile email',
    state: 's-1',
    nonce: 'n-1',
    ...parameters,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/** A right redemption of a code; confidential clients prove themselves in the body. */
export function redemption(
  client: Client,
  code: string,
  parameters: Record<string, string> = {},
): Record<string, string> {
  const secret: Record<string, string> = client.secretSha256 === null ? {} : { client_secret: SECRET };
  const all = {
    grant_type: 'authorization_code',
    client_id: client.clientId,
    redirect_uri: REDIRECT,
    code,
    ...secret,
    ...parameters,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

export const refreshment = (
  client: Client,
  token: string,
  parameters: Record<string, string> = {},
): Record<string, string> =>
  redemption(client, '', { grant_type: 'refresh_token', refresh_token: token, redirect_uri: '', ...parameters });

export function proofKey(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

export const basic = (id: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
});

/** The content of a JWT, unverified. */
export function contentOf(jwt: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from((jwt ?? '').split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** The parameters that came to a redirect URI, in query or fragment. */
export function answerOf(response: Response): Record<string, string> {
  const location = new URL(response.headers.get('location') ?? 'about:blank');
  return Object.fromEntries([...location.searchParams, ...new URLSearchParams(location.hash.slice(1))]);
}
