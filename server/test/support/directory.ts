/**
 * The directory with its API on a test database: users, groups, schemas, links and API tokens, put together without the rest of the hub.
 * What other modules would keep (sessions, assignments, providers) is noted down or answered from a table.
 */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { apiTokenRoutes, createApiTokens } from '../../src/api-tokens/index.ts';
import { inTransaction } from '../../src/database/index.ts';
import {
  createExternalIdentities,
  externalIdentityRoutes,
  type LinkedProvider,
} from '../../src/directory/external-identities/index.ts';
import { createGroupRules, type GroupRules, groupRuleRoutes } from '../../src/directory/group-rules/index.ts';
import { createGroups, EVERYONE, type Groups, groupRoutes } from '../../src/directory/groups/index.ts';
import {
  createSchemas,
  createUserTypes,
  type Schemas,
  schemaRoutes,
  userTypeRoutes,
} from '../../src/directory/profile-schemas/index.ts';
import {
  canonicalLogin,
  createPasswords,
  createUsers,
  type User,
  type Users,
  userRoutes,
  userTarget,
} from '../../src/directory/users/index.ts';
import { apiErrors, createServer } from '../../src/http/index.ts';
import { createJobs } from '../../src/jobs/index.ts';
import { createMail, type Mail } from '../../src/mail/index.ts';
import { createConfiguration, createOrgs } from '../../src/orgs/index.ts';
import { silentLogger } from '../../src/shared/log.ts';
import { createSecretBox } from '../../src/shared/secret-box.ts';
import { testClock } from './clock.ts';
import { createTestDatabase } from './database.ts';

export const BASE_URL = 'http://localhost';
export const ADMIN_EMAIL = 'admin@example.com';
export const ADMIN_PASSWORD = 'correct horse battery';
export const API_TOKEN = 'a token of the tests';

/** The cheapest parameters that Argon2 accepts. */
const CHEAP = { memoryCost: 8, timeCost: 1, parallelism: 1, outputLen: 32 };

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: wire bodies of every kind
  body: any;
  headers: Record<string, string | string[] | undefined>;
}

export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export async function createTestDirectory() {
  const { database, drop } = await createTestDatabase();
  const clock = testClock(new Date('2026-11-21T10:00:00.000Z'));
  const configuration = createConfiguration(database);
  const orgs = createOrgs({ database, configuration, clock });
  const passwords = createPasswords(CHEAP);
  const noted: {
    ended: string[];
    revoked: string[];
    memberships: { groupId: string; userIds: string[]; added: boolean }[];
  } = {
    ended: [],
    revoked: [],
    memberships: [],
  };
  const waiting = new Set<string>();
  const mail: Mail = createMail({
    database,
    clock,
    secretBox: createSecretBox(randomBytes(32)),
    transport: null,
    org: async () => ({ name: 'The Org', baseUrl: BASE_URL }),
  });
  const used = new Map<string, string[]>();
  const providers = new Map<string, LinkedProvider>();

  const schemas: Schemas = createSchemas({
    database,
    configuration,
    clock,
    blindKey: randomBytes(32),
    holders: {
      reindexValues: (tx, orgId, schema) => users.reindexValues(tx, orgId, schema),
    },
    values: (kind) => (kind === 'group' ? groups : users).values,
    jobs: {
      start: async () => {
        throw new Error('Of so few people nothing is left to a job.');
      },
    },
    attributesChanged: async () => {},
    usedBy: async (_tx, _orgId, { name }) => used.get(name) ?? [],
  });
  const userTypes = createUserTypes({
    database,
    configuration,
    clock,
    countUsers: (db, orgId, typeId) => users.countOfType(db, orgId, typeId),
    belongings: { create: async () => {}, remove: async () => {} },
  });
  const apiTokens = createApiTokens({
    database,
    clock,
    zones: { contains: async () => false, problemsOf: async (_tx, _org, ids) => ids.map((id) => `no zone ${id}`) },
  });
  const groups: Groups = createGroups({
    database,
    clock,
    schemas,
    assignments: {
      async membershipsChanged(_tx, _orgId, { changes }) {
        noted.memberships.push(...changes);
        return [];
      },
      beforeGroupRemoved: async () => {},
      groupRemoved: async () => [],
    },
    members: {
      async member(orgId, idOrLogin) {
        const user = await users.get(orgId, idOrLogin);
        return { id: user.id, target: userTarget(user) };
      },
      hold: async (tx, orgId, id) => (await users.hold(tx, orgId, [id])).length === 1,
      async present(place, ids) {
        const found = await users.byIds(place.orgId, ids);
        return users.toWire(
          place,
          found.filter((user) => user.status !== 'DEPROVISIONED'),
        );
      },
      async everyone(place, { after, limit }) {
        const page = await users.list(place.orgId, { after }, limit);
        return { ...page, items: await users.toWire(place, page.items) };
      },
      count: (orgId) => users.count(database, orgId),
    },
    rules: {
      beforeChange: (tx, orgId, userIds) => groupRules.port.beforeChange(tx, orgId, userIds),
      membershipsChanged: (tx, caller, userIds, at) => groupRules.port.membershipsChanged(tx, caller, userIds, at),
      except: (tx, caller, userId, ruleIds, at) => groupRules.port.except(tx, caller, userId, ruleIds, at),
      beforeGroupChange: (tx, orgId) => groupRules.port.beforeGroupChange(tx, orgId),
      groupChanged: (tx, caller, group) => groupRules.port.groupChanged(tx, caller, group),
      names: (db, orgId, ids) => groupRules.port.names(db, orgId, ids),
    },
  });
  const jobs = createJobs({ database, clock, log: silentLogger, handlers: () => groupRules.jobHandlers() });
  const subject = (user: User) => ({ id: user.id, profile: user.profile, target: userTarget(user) });
  const groupRules: GroupRules = createGroupRules({
    database,
    configuration,
    clock,
    jobs,
    people: {
      hold: async (tx, orgId, ids) =>
        (await users.hold(tx, orgId, ids)).filter((user) => user.status !== 'DEPROVISIONED').map(subject),
      after: async (db, orgId, id, limit) => (await users.after(db, orgId, id, limit)).map(subject),
      byIds: async (db, orgId, ids) => (await users.byIds(orgId, ids, db)).map(subject),
      count: (db, orgId) => users.count(db, orgId),
      find: async (orgId, idOrLogin) => subject(await users.get(orgId, idOrLogin)),
    },
    groups: {
      gifts: groups.gifts,
      unknown: (orgId, ids) => groups.unknown(orgId, ids),
      everyone: async (db, orgId) => ({ id: await groups.everyoneId(orgId, db), name: EVERYONE }),
    },
  });
  /** Does every job that waits, as the queue would. */
  async function runJobs(): Promise<void> {
    const { items } = await jobs.list(orgId, { status: 'QUEUED' }, 100);
    for (const { id } of items) await jobs.run({ orgId, id }, new AbortController().signal);
  }
  const externalIdentities = createExternalIdentities({
    unlinked: async () => {},
    hold: async () => {},
    database,
    clock,
    async provider(_orgId, id) {
      const provider = providers.get(id);
      if (provider === undefined) throw apiErrors.notFound(id, 'Idp');
      return provider;
    },
    async user(orgId, idOrLogin) {
      const user = await users.get(orgId, idOrLogin);
      return { id: user.id, target: userTarget(user) };
    },
    describeProviders: async (_orgId, _baseUrl, ids) =>
      ids.map((id) => ({ id, type: 'OIDC', name: providers.get(id)?.name })),
  });
  const users: Users = createUsers({
    profileSources: async () => new Set(),
    sourceNames: async () => new Map(),
    database,
    clock,
    passwords,
    schemas,
    mail,
    access: {
      endSessions: async (_tx, _orgId, userId) => noted.ended.push(userId),
      revokeGrants: async (_tx, _orgId, userId) => noted.revoked.push(userId),
      forgetGuesses: async (_tx, { loginKey }) => waiting.delete(loginKey),
    },
    groups: {
      join: (tx, caller, user, groupIds, at) =>
        groups.join(tx, caller, { id: user.id, target: userTarget(user) }, groupIds, at),
      personChanged: (tx, caller, user, at) => groupRules.evaluate(tx, caller, [user.id], at),
    },
    async forget(tx, orgId, userId, at) {
      await groups.forgetUser(tx, orgId, userId);
      await externalIdentities.forgetUser(tx, orgId, userId, at);
      await apiTokens.removeOf(tx, orgId, userId);
      await mail.forgetUser(tx, orgId, userId);
    },
  });

  const passwordHash = await passwords.hash(ADMIN_PASSWORD);
  const { orgId, adminId } = await inTransaction(database, async (tx) => {
    const at = clock.now();
    const { org } = await orgs.ensure(tx, BASE_URL);
    await schemas.ensureDefaults(tx, org.id, at);
    await groups.ensureEveryone(tx, org.id, at);
    const { id } = await users.ensureAdministrator(tx, org.id, { email: ADMIN_EMAIL, passwordHash, at });
    await apiTokens.ensureBootstrapToken(tx, org.id, id, API_TOKEN, at);
    return { orgId: org.id, adminId: id };
  });

  const server: FastifyInstance = createServer({
    log: silentLogger,
    https: false,
    trustedProxies: [],
    orgOf: async () => ({ id: orgId, baseUrl: BASE_URL }),
    async authenticate(request) {
      const header = request.headers.authorization;
      return header?.startsWith('SSWS ') ? apiTokens.verify(orgId, header.slice('SSWS '.length), request.ip) : null;
    },
    ready: async () => true,
  });
  server.register(
    userRoutes({
      users,
      groupsOf: (place, userId) => groups.ofUser(place, userId),
      appLinksOf: async () => [],
      clientsOf: async () => [],
      grantsOf: async () => [],
    }),
  );
  server.register(
    groupRoutes({
      groups,
      appsOf: async () => ({ items: [], after: null }),
      appCounts: async (_orgId, groupIds) => new Map(groupIds.map((id) => [id, 0])),
    }),
  );
  server.register(groupRuleRoutes({ groupRules }));
  server.register(schemaRoutes({ schemas }));
  server.register(userTypeRoutes({ userTypes, schemas }));
  server.register(
    externalIdentityRoutes({
      externalIdentities,
      people: async (place, ids) => users.toWire(place, await users.byIds(place.orgId, ids)),
    }),
  );
  server.register(apiTokenRoutes({ apiTokens }));
  await server.ready();

  const call: Call = async (method, path, body, headers = {}) => {
    const response = await server.inject({
      method: method as 'GET',
      url: path.startsWith('/api/') ? path : `/api/v1${path}`,
      headers: { authorization: `SSWS ${API_TOKEN}`, ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const text = response.body;
    return {
      status: response.statusCode,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers as Answer['headers'],
    };
  };

  const passwordHashOf = async (loginKey: string) => {
    const { rows } = await database.query<{ password_hash: string | null }>({
      text: 'select password_hash from users where login_key = $1',
      values: [loginKey],
    });
    return rows[0]?.password_hash ?? null;
  };
  /** Whether a login and a password belong together. */
  const signsIn = async (login: string, password: string) => {
    const key = canonicalLogin(login);
    const user = key.ok ? await users.byLogin(orgId, key.value) : null;
    const hash = key.ok ? await passwordHashOf(key.value) : null;
    return (await users.verifyPassword(hash, password, user)).ok;
  };

  return {
    signsIn,
    passwordHashOf,
    database,
    clock,
    configuration,
    schemas,
    users,
    groups,
    groupRules,
    jobs,
    runJobs,
    externalIdentities,
    apiTokens,
    passwords,
    mail,
    waiting,
    noted,
    used,
    providers,
    server,
    call,
    orgId,
    adminId,
    async close() {
      await server.close();
      await drop();
    },
  };
}

export type TestDirectory = Awaited<ReturnType<typeof createTestDirectory>>;

/** A profile that satisfies the default schema. */
export const person = (login: string, more: Record<string, unknown> = {}) => ({
  profile: { login, email: login, firstName: 'Ada', lastName: 'Lovelace', ...more },
});
