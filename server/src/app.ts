/** The composition root: the list of route plugins, and the life of the hub from start to graceful end. */
import { join } from 'node:path';
import { createAuthenticator, mountAdminApi } from './admin-api/index.ts';
import { apiTokenRoutes } from './api-tokens/index.ts';
import { applicationRoutes } from './applications/index.ts';
import { clientAccessRoutes } from './client-access/index.ts';
import {
  accessTokens,
  clientsOf,
  createGuardedProviders,
  createModules,
  type Ground,
  type Modules,
  prepareOrg,
  rewrapSecrets,
  startHouseJobs,
  trustedPages,
} from './composition/index.ts';
import type { Config } from './config.ts';
import { type Database, inTransaction, type Jobs, type Listening, listen, StartRefusal } from './database/index.ts';
import { externalIdentityRoutes } from './directory/external-identities/index.ts';
import { groupRuleRoutes } from './directory/group-rules/index.ts';
import { groupRoutes } from './directory/groups/index.ts';
import { schemaRoutes, userTypeRoutes } from './directory/profile-schemas/index.ts';
import { newPassword, userRoutes } from './directory/users/index.ts';
import { eventHookRoutes } from './event-hooks/index.ts';
import { clientOf, createServer, singlePageApp } from './http/index.ts';
import { identityProviderRoutes } from './identity-providers/index.ts';
import { importRoutes } from './imports/index.ts';
import { jobRoutes } from './jobs/index.ts';
import { mailRoutes } from './mail/index.ts';
import { zoneRoutes } from './network-zones/index.ts';
import { CONFIGURATION_CHANNEL, orgRoutes, rateLimitsOf } from './orgs/index.ts';
import { mappingRoutes } from './profile-mappings/index.ts';
import { policyRoutes } from './routing-rules/index.ts';
import { type Clock, systemClock } from './shared/clock.ts';
import { type Logger, silentLogger } from './shared/log.ts';
import { sessionRoutes, signInRoutes, traceRoutes } from './sign-in/index.ts';
import { callerOf, doneBy, maintainPartitions, record, systemLogRoutes } from './system-log/index.ts';
import { trustedOriginRoutes } from './trusted-origins/index.ts';

export interface StartSheet {
  url: string;
  adminEmail: string;
  /** Shown once, at the start that made it. */
  generatedPassword: string | null;
  lines: string[];
}

export interface App {
  listen(): Promise<{ url: string }>;
  /** Ends requests, then jobs; the database is the caller's. */
  close(): Promise<void>;
  startSheet: StartSheet;
}

export interface AppOptions {
  config: Config;
  database: Database;
  clock?: Clock;
  log: Logger;
}

const CONSOLE = join(import.meta.dirname, '../../console/dist');
const NO_CONSOLE =
  'The admin console is not built here: run "npm start" once, or "npm run build --workspace console".\n';

export async function createApp(options: AppOptions): Promise<App> {
  const ground: Ground = { ...options, clock: options.clock ?? systemClock };
  const { config, database, clock } = ground;
  const house = createModules(ground);
  await maintainPartitions(database, clock.now());
  const started = await prepareOrg(house);
  const server = createServer({
    log: house.log,
    https: config.url.startsWith('https:'),
    trustedProxies: config.trustedProxies,
    orgOf: (host) => house.orgs.byHost(host),
    authenticate: createAuthenticator({
      apiTokens: house.apiTokens,
      accessTokens: accessTokens(house),
      sessionPrincipal: (request) => house.signIn.principal(request),
    }),
    refuses: (request) => house.blocking({ orgId: request.org.id, client: clientOf(request), requestId: request.id }),
    ready: () =>
      database.query({ text: 'select 1', values: [] }).then(
        () => true,
        () => false,
      ),
  });
  mountAdminApi(server, {
    clock,
    routes: managementPlugins(house),
    isGuarded: createGuardedProviders(house),
    administratorOf: async (orgId, idOrLogin) => (await house.users.administrator(orgId, idOrLogin))?.profile ?? null,
    accessOf: (orgId, appId) => house.clientAccess.of(orgId, appId),
    requestsPerMinute: async (orgId) => rateLimitsOf(await house.orgs.byId(orgId)).requestsPerMinute,
  });
  await server.register((scope) => house.authorizationServer.routes(scope));
  await server.register(signInRoutes(house.signIn));
  await server.register(singlePageApp({ prefix: '/admin/', directory: CONSOLE, missing: NO_CONSOLE }));

  let listening: Listening | undefined;
  let jobs: Jobs | undefined;
  return {
    startSheet: {
      url: config.url,
      adminEmail: config.adminEmail,
      generatedPassword: started.generatedPassword,
      lines: [
        `Admin console            ${config.url}/admin/`,
        `Discovery                ${config.url}/.well-known/openid-configuration`,
      ],
    },
    async listen() {
      listening = await listen(
        database,
        CONFIGURATION_CHANNEL,
        house.configuration.notified,
        house.configuration.forget,
      );
      if (config.previousSecretKeys.length > 0) await rewrapSecrets(house, started.orgId);
      jobs = await startHouseJobs(house);
      house.deliveries.start();
      await server.listen({ host: config.host, port: config.port });
      return { url: config.url };
    },
    async close() {
      await server.close();
      await jobs?.stop();
      await house.deliveries.stop();
      await listening?.stop();
      await house.traces.flush();
      await house.egress.close();
    },
  };
}

/** Everything below /api, one plugin a module. */
function managementPlugins(house: Modules) {
  const {
    database,
    clock,
    orgs,
    users,
    groups,
    schemas,
    userTypes,
    externalIdentities,
    apiTokens,
    mappings,
    routingRules,
    applications,
    identityProviders,
  } = house;
  return [
    orgRoutes({
      orgs,
      userExists: async (orgId, id) => (await users.byIds(orgId, [id])).length > 0,
      recordUpdate: (tx, request, at) => record(tx, doneBy(callerOf(request), { type: 'gatehouse.org.update', at })),
    }),
    userRoutes({
      users,
      groupsOf: (place, userId) => groups.ofUser(place, userId),
      appLinksOf: (place, userId) => applications.appLinks(place.orgId, place.baseUrl, userId),
      clientsOf: (place, userId) => clientsOf(house, place, userId),
      // The hub asks nobody for consent, so there is none to show.
      grantsOf: async () => [],
    }),
    groupRoutes({
      groups,
      appsOf: (place, groupId, page) => applications.ofGroup(place, groupId, page),
      appCounts: (orgId, groupIds) => applications.countsOfGroups(orgId, groupIds),
    }),
    groupRuleRoutes({ groupRules: house.groupRules }),
    schemaRoutes({ schemas }),
    userTypeRoutes({ userTypes, schemas }),
    externalIdentityRoutes({
      externalIdentities,
      people: async (place, ids) => users.toWire(place, await users.byIds(place.orgId, ids)),
    }),
    apiTokenRoutes({ apiTokens }),
    sessionRoutes({
      signIn: house.signIn,
      pages: (orgId) => trustedPages(house, orgId),
      destinations: (orgId) => house.trustedOrigins.destinations(orgId),
    }),
    trustedOriginRoutes({ trustedOrigins: house.trustedOrigins }),
    zoneRoutes({ zones: house.zones }),
    eventHookRoutes({ eventHooks: house.eventHooks, deliveries: house.deliveries }),
    identityProviderRoutes({ identityProviders }),
    mappingRoutes({ mappings }),
    policyRoutes({ routingRules }),
    applicationRoutes({ applications }),
    clientAccessRoutes({ clientAccess: house.clientAccess }),
    importRoutes({ imports: house.imports }),
    jobRoutes({ jobs: house.jobs }),
    mailRoutes({ mail: house.mail }),
    systemLogRoutes({ database, clock }),
    house.authorizationServer.managementRoutes,
    traceRoutes({
      database,
      traces: house.traces,
      secretBox: house.secretBox,
      names: {
        application: async (orgId, id) => (await applications.byId(orgId, id))?.label ?? null,
        identityProvider: async (orgId, id) => (await identityProviders.byId(orgId, id))?.name ?? null,
      },
    }),
  ];
}

/** A new password for the administrator whom the environment names; may run beside a hub. */
export async function resetAdministratorPassword({
  config,
  database,
}: {
  config: Config;
  database: Database;
}): Promise<{ login: string; password: string }> {
  const house = createModules({ config, database, clock: systemClock, log: silentLogger });
  const { orgId } = await prepareOrg(house);
  const password = newPassword();
  const passwordHash = await house.passwords.hash(password);
  const known = await inTransaction(database, (tx) =>
    house.users.resetAdministratorPassword(tx, orgId, {
      email: config.adminEmail,
      passwordHash,
      at: systemClock.now(),
    }),
  );
  if (!known) {
    throw new StartRefusal(
      `GATEHOUSE_ADMIN_EMAIL is "${config.adminEmail}", and no user has that login: set it to the login of the administrator whose password is to be reset.`,
    );
  }
  return { login: config.adminEmail, password };
}
