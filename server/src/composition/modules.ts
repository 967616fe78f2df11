/** Every module, made and introduced to those it needs. What two modules need of each other is a closure over the later one. */
import { type ApiTokens, createApiTokens } from '../api-tokens/index.ts';
import { type ApplicationPorts, type Applications, createApplications } from '../applications/index.ts';
import { type AuthorizationServer, createAuthorizationServer } from '../authorization-server/index.ts';
import { type ClientAccess, createClientAccess } from '../client-access/index.ts';
import type { Config } from '../config.ts';
import type { Database, Executor } from '../database/index.ts';
import { createExternalIdentities, type ExternalIdentities } from '../directory/external-identities/index.ts';
import type { GroupRules } from '../directory/group-rules/index.ts';
import type { Groups } from '../directory/groups/index.ts';
import { createSchemas, createUserTypes, type Schemas, type UserTypes } from '../directory/profile-schemas/index.ts';
import { createPasswords, createUsers, type Passwords, type Users, userTarget } from '../directory/users/index.ts';
import { createDeliveries, createEventHooks, type Deliveries, type EventHooks } from '../event-hooks/index.ts';
import { apiErrors, createEgress, type Egress } from '../http/index.ts';
import { createIdentityProviders, type IdentityProviders } from '../identity-providers/index.ts';
import type { Imports } from '../imports/index.ts';
import { createJobs, type JobHandler, type Jobs } from '../jobs/index.ts';
import { createMail, type Mail, smtpTransport } from '../mail/index.ts';
import { type Blocking, createBlocking, createNetworkZones, type NetworkZones } from '../network-zones/index.ts';
import { type Configuration, createConfiguration, createOrgs, type Orgs, rateLimitsOf } from '../orgs/index.ts';
import { createMappings, type Mappings, SOURCE_NAMES } from '../profile-mappings/index.ts';
import { createRoutingRules, type RoutingRules } from '../routing-rules/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Logger } from '../shared/log.ts';
import { createSecretBox, type SecretBox } from '../shared/secret-box.ts';
import { createSignIn, createTraces, forgetGuesses, hostedPages, type SignIn, type Traces } from '../sign-in/index.ts';
import { createTrustedOrigins, type TrustedOrigins } from '../trusted-origins/index.ts';
import { trustedPages } from './access/trusted-pages.ts';
import { addGroups, personOf } from './directory/groups.ts';
import { createUsedBy } from './directory/used-by.ts';
import { addImports } from './imports.ts';
import { mappingPorts } from './mappings.ts';
import { profileRules, profileSourcesOf, signInPorts, sourceNamesOf } from './ports.ts';

export interface Ground {
  config: Config;
  database: Database;
  clock: Clock;
  log: Logger;
}

export interface Modules extends Ground {
  configuration: Configuration & { notified(payload: string): void };
  secretBox: SecretBox;
  egress: Egress;
  orgs: Orgs;
  mail: Mail;
  schemas: Schemas;
  userTypes: UserTypes;
  passwords: Passwords;
  users: Users;
  groups: Groups;
  groupRules: GroupRules;
  externalIdentities: ExternalIdentities;
  apiTokens: ApiTokens;
  mappings: Mappings;
  routingRules: RoutingRules;
  applications: Applications;
  identityProviders: IdentityProviders;
  trustedOrigins: TrustedOrigins;
  clientAccess: ClientAccess;
  imports: Imports;
  jobs: Jobs;
  zones: NetworkZones;
  eventHooks: EventHooks;
  deliveries: Deliveries;
  blocking: Blocking;
  traces: Traces;
  signIn: SignIn;
  authorizationServer: AuthorizationServer;
}

/** `house` is filled step by step; what two modules need of each other is read from it when it is called, not when it is made. */
export function createModules(ground: Ground): Modules {
  const { config, database, clock, log } = ground;
  const configuration = createConfiguration(database);
  const secretBox = createSecretBox(config.secretKey, config.previousSecretKeys);
  const house: Modules = {
    ...ground,
    configuration,
    secretBox,
    egress: createEgress({ allow: config.allowEgress }),
    orgs: createOrgs({ database, configuration, clock }),
    trustedOrigins: createTrustedOrigins({ database, configuration, clock }),
    traces: createTraces({ database, clock, log, secretBox }),
    jobs: createJobs({ database, clock, log, handlers: () => jobHandlers(house) }),
  } as Modules;
  addNetworkZones(house);
  const calling = { database, clock, secretBox, egress: house.egress };
  house.eventHooks = createEventHooks(calling);
  const baseUrl = async (orgId: string) => (await house.orgs.byId(orgId)).baseUrl;
  house.deliveries = createDeliveries({ ...calling, log, baseUrl });
  addMail(house);
  addDirectory(house);
  addFederation(house);
  addApplications(house);
  addImports(house);
  addSignIn(house);
  return house;
}

/** One row a kind of long work. */
function jobHandlers(house: Modules): JobHandler[] {
  return [...house.groupRules.jobHandlers(), house.mappings.handler, house.schemas.handler, ...house.imports.jobs];
}

function addNetworkZones(house: Modules): void {
  const { database, configuration, clock } = house;
  house.zones = createNetworkZones({
    database,
    configuration,
    clock,
    async usedBy(tx, orgId, zoneId) {
      const rules = await house.routingRules.usingZone(tx, orgId, zoneId);
      const tokens = await house.apiTokens.namesUsingZone(tx, orgId, zoneId);
      return [...rules, ...tokens.map((name) => `the API token "${name}"`)];
    },
  });
  house.blocking = createBlocking({ zones: house.zones, database, clock });
}

/** By a job (jobs.ts): an index of a filled table takes longer than a request. */
async function wakeAttributeIndexes(tx: Executor): Promise<void> {
  await tx.query({
    text: `select graphile_worker.add_job('index-attributes', job_key := 'index-attributes')`,
    values: [],
  });
}

function addMail(house: Modules): void {
  const { config, database, clock, secretBox, orgs } = house;
  house.mail = createMail({
    database,
    clock,
    secretBox,
    transport: config.smtpUrl === null ? null : smtpTransport(config.smtpUrl, config.mailFrom),
    async org(orgId) {
      const { companyName, baseUrl } = await orgs.byId(orgId);
      return { name: companyName, baseUrl };
    },
  });
}

function addDirectory(house: Modules): void {
  const { database, configuration, clock, secretBox } = house;
  house.schemas = createSchemas({
    database,
    configuration,
    clock,
    blindKey: secretBox.derive('attribute-values'),
    holders: {
      reindexValues: (tx, orgId, schema) => house.users.reindexValues(tx, orgId, schema),
    },
    values: (kind) => (kind === 'group' ? house.groups : house.users).values,
    jobs: house.jobs,
    usedBy: createUsedBy(house),
    attributesChanged: wakeAttributeIndexes,
  });
  house.mappings = createMappings({
    database,
    configuration,
    clock,
    schemas: house.schemas,
    rules: profileRules(house.schemas),
    updates: mappingPorts(house),
    jobs: house.jobs,
  });
  house.userTypes = createUserTypes({
    database,
    configuration,
    clock,
    countUsers: (db, orgId, typeId) => house.users.countOfType(db, orgId, typeId),
    belongings: {
      async create(tx, orgId, type) {
        const { userTypeId: like } = await house.schemas.ensureDefaults(tx, orgId, type.at);
        const profileSources = await house.identityProviders.profileSources(tx, orgId);
        await house.mappings.createForUserType(tx, orgId, { ...type, like, profileSources });
      },
      remove: (tx, orgId, typeId) => house.mappings.removeFor(tx, orgId, typeId),
    },
  });
  house.passwords = createPasswords();
  house.users = createUsers({
    database,
    clock,
    passwords: house.passwords,
    mail: house.mail,
    schemas: house.schemas,
    profileSources: (orgId) => profileSourcesOf(house, orgId),
    sourceNames: (orgId) => sourceNamesOf(house, orgId),
    access: {
      endSessions: (tx, orgId, userId, at, except) => house.signIn.endSessions(tx, orgId, userId, at, except),
      revokeGrants: (tx, orgId, userId, at) => house.authorizationServer.revokeGrantsOf(tx, orgId, userId, at),
      forgetGuesses: (tx, user, at) => forgetGuesses(tx, user.orgId, user.loginKey, at),
    },
    groups: {
      join: (tx, caller, user, ids, at) =>
        house.groups.join(tx, caller, { id: user.id, target: userTarget(user) }, ids, at),
      personChanged: (tx, caller, user, at) => house.groupRules.evaluate(tx, caller, [user.id], at),
    },
    async forget(tx, orgId, userId, at) {
      await house.groups.forgetUser(tx, orgId, userId);
      await house.applications.assignments.forgetUser(tx, orgId, userId);
      await house.externalIdentities.forgetUser(tx, orgId, userId, at);
      await house.apiTokens.removeOf(tx, orgId, userId);
      await house.mail.forgetUser(tx, orgId, userId);
    },
  });
  addGroups(house);
  house.apiTokens = createApiTokens({ database, clock, zones: house.zones });
}

function addFederation(house: Modules): void {
  const { database, configuration, clock, secretBox, egress, schemas } = house;
  house.externalIdentities = createExternalIdentities({
    database,
    clock,
    async provider(orgId, idpId) {
      const idp = await house.identityProviders.byId(orgId, idpId);
      if (idp === null) throw apiErrors.notFound(idpId, 'Idp');
      // Only a persistent NameID is a key by which a person can be linked (rulings 18).
      const linkable =
        idp.saml === null || (idp.saml.honorPersistentNameId && idp.saml.nameFormat.endsWith(':persistent'));
      return { id: idp.id, name: idp.name, linkIssuer: linkable ? idp.issuer : null };
    },
    user: (orgId, idOrLogin) => personOf(house, orgId, idOrLogin),
    async hold(tx, orgId, { userId, idpId }) {
      if ((await house.users.hold(tx, orgId, [userId])).length === 0) throw apiErrors.notFound(userId, 'User');
      if (!(await house.identityProviders.hold(tx, orgId, idpId))) throw apiErrors.notFound(idpId, 'Idp');
    },
    unlinked: (tx, orgId, { userId, idpId }, at) => house.users.releaseSource(tx, orgId, userId, idpId, at),
    describeProviders: (orgId, baseUrl, ids) => house.identityProviders.describe(orgId, baseUrl, ids),
  });
  house.identityProviders = createIdentityProviders({
    database,
    configuration,
    clock,
    secretBox,
    egress,
    clientKeys: (orgId) => house.authorizationServer.clientKey(orgId),
    orgName: async (orgId) => (await house.orgs.byId(orgId)).companyName,
    directory: {
      async userAttribute(orgId, name) {
        const attribute = (await schemas.compiledUserSchema(orgId)).attributes.get(name);
        return attribute === undefined
          ? null
          : { type: attribute.type, ...(attribute.format === undefined ? {} : { format: attribute.format }) };
      },
      unknownGroups: (orgId, ids) => house.groups.unknown(orgId, ids),
    },
    async onCreated(tx, { orgId, id, type, name, profileMaster, externalNames, at }) {
      await schemas.createOwned(tx, orgId, {
        ownerKind: 'idp',
        ownerId: id,
        name: SOURCE_NAMES[type],
        title: name,
        externalNames,
        at,
      });
      const userTypes = await schemas.userTypesIn(tx, orgId);
      await house.mappings.createForIdp(tx, orgId, { idpId: id, type, profileMaster, at, userTypes });
    },
    async onRemoved(tx, { orgId, id }) {
      await schemas.removeOwned(tx, orgId, { ownerKind: 'idp', ownerId: id });
      await house.externalIdentities.forgetProvider(tx, orgId, id);
      await house.mappings.removeFor(tx, orgId, id);
    },
  });
  house.routingRules = createRoutingRules({
    database,
    configuration,
    clock,
    providers: { list: (orgId) => house.identityProviders.list(orgId) },
    zones: house.zones,
    applications: { type: async (orgId, id) => (await house.applications.byId(orgId, id))?.name ?? null },
    people: {
      attributes: async (orgId) => (await schemas.compiledUserSchema(orgId)).attributes,
      profileOf: async (orgId, login) => (await house.users.byLogin(orgId, login))?.profile ?? null,
      async unknown(orgId, ids) {
        const known = new Set((ids.length === 0 ? [] : await house.users.byIds(orgId, ids)).map(({ id }) => id));
        return ids.filter((id) => !known.has(id));
      },
    },
    groups: house.groups,
  });
}

function addApplications(house: Modules): void {
  const { database, configuration, clock, secretBox, schemas, users, groups } = house;
  const ports: ApplicationPorts = {
    everyoneGroupId: (orgId) => groups.everyoneId(orgId),
    people: {
      byIds: async (db, orgId, ids) =>
        (await users.byIds(orgId, ids, db)).filter((user) => user.status !== 'DEPROVISIONED'),
      hold: (tx, orgId, ids) => users.hold(tx, orgId, ids),
      page: (db, orgId, after, limit) => users.after(db, orgId, after ?? '', limit),
      alike: (db, orgId, wanted) => users.alike(db, orgId, wanted),
    },
    groups: {
      names: (db, orgId, ids) => groups.names(db, orgId, ids),
      hold: (tx, orgId, ids) => groups.hold(tx, orgId, ids),
      memberIds: (tx, orgId, ids) => groups.membersOfAny(tx, orgId, ids),
      memberships: (tx, orgId, ids) => groups.membershipsOf(tx, orgId, ids),
    },
    async mappings(db, orgId) {
      const { companyName, subdomain } = await house.orgs.byId(orgId);
      const { userTypeId: defaultTypeId } = await schemas.ensureDefaults(db, orgId, clock.now());
      return house.mappings.outbound(db, orgId, { defaultTypeId, org: { name: companyName, subDomain: subdomain } });
    },
    schemas: { validate: schemas.validate, ofApplications: (orgId) => schemas.ownedSchemas(orgId) },
    accessPolicyId: (orgId) => house.routingRules.accessPolicyId(orgId),
    signingKeyId: (orgId, alg) => house.authorizationServer.signingKeyId(orgId, alg),
    belongings: {
      async create(tx, orgId, { id, name, label, at }) {
        await schemas.createOwned(tx, orgId, { ownerKind: 'app', ownerId: id, name, title: label, at });
        const userTypes = await schemas.userTypesIn(tx, orgId);
        await house.mappings.createForApplication(tx, orgId, { id, name, at, userTypes });
      },
      async remove(tx, orgId, { id }) {
        await schemas.removeOwned(tx, orgId, { ownerKind: 'app', ownerId: id });
        await house.clientAccess.removeOf(tx, orgId, id);
        await house.mappings.removeFor(tx, orgId, id);
      },
    },
  };
  house.applications = createApplications({ database, configuration, clock, secretBox, ports });
  house.clientAccess = createClientAccess({
    database,
    configuration,
    clock,
    applications: {
      find: async (orgId, id) =>
        (await house.applications.byId(orgId, id)) ?? (await house.applications.byClientId(orgId, id)),
      hold: (tx, orgId, id) => house.applications.hold(tx, orgId, id),
    },
  });
}

function addSignIn(house: Modules): void {
  const { database, configuration, clock, secretBox, traces, log, applications, identityProviders } = house;
  house.signIn = createSignIn({ database, configuration, clock, secretBox, traces, ports: signInPorts(house) });
  house.authorizationServer = createAuthorizationServer({
    database,
    configuration,
    clock,
    secretBox,
    log,
    traces,
    applications: {
      byClientId: (orgId, clientId) => applications.byClientId(orgId, clientId),
      byId: (orgId, id) => applications.byId(orgId, id),
      origins: (orgId) => trustedPages(house, orgId),
    },
    identityProviders: {
      isUsable: async (orgId, id) => (await identityProviders.byId(orgId, id))?.status === 'ACTIVE',
    },
    failuresPerMinute: async (orgId) => rateLimitsOf(await house.orgs.byId(orgId)).tokenFailuresPerMinute,
    apiScopes: async (orgId, appId) => (await house.clientAccess.of(orgId, appId)).scopes,
    signIn: {
      session: (request) => house.signIn.activeSession(request),
      startSession: (request, reply, token) => house.signIn.startSession(request, reply, token),
      begin: (request, reply, authorization, trace) => house.signIn.begin(request, reply, authorization, trace),
      endSession: async (request, reply) => void (await house.signIn.signOut(request, reply)),
    },
    pages: hostedPages,
  });
}
