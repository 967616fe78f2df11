/** Scopes and roles of applications: granted and taken away, each in one transaction with its event, and in force in every hub at once. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import { apiErrors, isApiScope, ROLES, type Role } from '../http/index.ts';
import type { Configuration } from '../orgs/index.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { type Caller, doneBy, type EventInput, type EventTypeName, record } from '../system-log/index.ts';
import type { ClientRole, ScopeGrant } from './store.ts';
import * as store from './store.ts';
import type { GrantedTo } from './wire.ts';

export interface Access {
  scopes: ReadonlySet<string>;
  roles: readonly Role[];
}

export interface Granted {
  grant: ScopeGrant;
  /** False where the application had the scope already. */
  created: boolean;
}

export interface ClientAccess {
  /** What an application has been given; compiled. */
  of(orgId: string, appId: string): Promise<Access>;
  /** Throws E0000007. */
  application(orgId: string, idOrClientId: string): Promise<GrantedTo>;
  grants(orgId: string, app: GrantedTo): Promise<ScopeGrant[]>;
  /** The grant of a scope, new or there before. Throws E0000001 for an unknown scope or an issuer that is not the org. */
  grant(caller: Caller, app: GrantedTo, wish: { issuer?: string; scopeId: string }): Promise<Granted>;
  /** Throws E0000007. */
  revoke(caller: Caller, app: GrantedTo, grantId: string): Promise<void>;
  roles(orgId: string, app: GrantedTo): Promise<ClientRole[]>;
  /** Throws E0000090 for a role that it has, E0000001 for an application that cannot act by itself. */
  assignRole(caller: Caller, app: GrantedTo, role: Role): Promise<ClientRole>;
  /** Throws E0000007. */
  takeRole(caller: Caller, app: GrantedTo, role: string): Promise<void>;
  /** For an application that is deleted. */
  removeOf(tx: Executor, orgId: string, appId: string): Promise<void>;
}

export interface ClientAccessDeps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
  /** The application with this id or client id. */
  applications: {
    find(orgId: string, idOrClientId: string): Promise<(GrantedTo & { grantTypes: readonly string[] }) | null>;
    /** Keeps it from being deleted until the transaction ends. Throws E0000007. */
    hold(tx: Executor, orgId: string, id: string): Promise<void>;
  };
}

const NOTHING: Access = { scopes: new Set(), roles: [] };

export function createClientAccess(deps: ClientAccessDeps): ClientAccess {
  const { database, configuration, clock, applications } = deps;
  const view = configuration.slice(load);

  /** One transaction: the change, its event, and the new version of the configuration. */
  const change = <T>(
    caller: Caller,
    app: GrantedTo,
    type: EventTypeName,
    apply: (tx: Executor, at: Date) => Promise<{ result: T; told: EventInput['debugData'] | null }>,
  ): Promise<T> =>
    inTransaction(database, async (tx) => {
      await applications.hold(tx, caller.orgId, app.id);
      const at = clock.now();
      const { result, told } = await apply(tx, at);
      if (told === null) return result;
      await configuration.changed(tx, caller.orgId);
      await record(tx, doneBy(caller, { type, at, targets: [targetOf(app)], debugData: told }));
      return result;
    });

  async function application(orgId: string, idOrClientId: string) {
    const found = await applications.find(orgId, idOrClientId);
    if (found === null) throw apiErrors.notFound(idOrClientId, 'AppInstance');
    return found;
  }

  return {
    application,
    of: async (orgId, appId) => (await view.get(orgId)).get(appId) ?? NOTHING,
    grants: (orgId, app) => store.grantsOf(database, orgId, app.id),
    grant(caller, app, { issuer, scopeId }) {
      if (!isApiScope(scopeId))
        throw apiErrors.validation('scopeId', `scopeId: "${scopeId.slice(0, 100)}" is not a scope of this API`);
      if (issuer !== undefined && issuer !== caller.baseUrl)
        throw apiErrors.validation('issuer', `issuer: scopes are granted for ${caller.baseUrl} only`);
      return change<Granted>(caller, app, 'app.oauth2.admin.consent.grant', async (tx, at) => {
        const by = { created: at, createdBy: caller.actor.id, lastUpdated: at };
        const wanted: ScopeGrant = { id: newId('grant', at), appId: app.id, scope: scopeId, ...by };
        if (await store.insertGrant(tx, caller.orgId, wanted))
          return { result: { grant: wanted, created: true }, told: { scope: scopeId } };
        const known = (await store.grantsOf(tx, caller.orgId, app.id)).find(({ scope }) => scope === scopeId);
        if (known === undefined) throw apiErrors.versionConflict();
        return { result: { grant: known, created: false }, told: null };
      });
    },
    revoke: (caller, app, grantId) =>
      change(caller, app, 'app.oauth2.admin.consent.revoke', async (tx) => {
        const grant = await store.deleteGrant(tx, caller.orgId, app.id, grantId);
        if (grant === null) throw apiErrors.notFound(grantId, 'OAuth2ScopeConsentGrant');
        return { result: undefined, told: { scope: grant.scope } };
      }),
    roles: async (orgId, app) => (await store.allRoles(database, orgId)).filter(({ appId }) => appId === app.id),
    async assignRole(caller, app, role) {
      const { grantTypes } = await application(caller.orgId, app.id);
      if (!grantTypes.includes('client_credentials'))
        throw apiErrors.validation(
          'clientId',
          'clientId: only an application with the grant type client_credentials acts by itself and can have a role',
        );
      return change(caller, app, 'user.account.privilege.grant', async (tx, at) => {
        const assigned: ClientRole = { appId: app.id, role, created: at };
        if (!(await store.insertRole(tx, caller.orgId, assigned))) throw apiErrors.roleAssigned();
        return { result: assigned, told: { privilegeGranted: ROLES[role] } };
      });
    },
    takeRole: (caller, app, role) =>
      change(caller, app, 'user.account.privilege.revoke', async (tx) => {
        if (!(await store.deleteRole(tx, caller.orgId, app.id, role))) throw apiErrors.notFound(role, 'RoleAssignment');
        return { result: undefined, told: { privilegeRevoked: ROLES[role as Role] } };
      }),
    removeOf: store.removeOf,
  };
}

async function load(db: Executor, orgId: string): Promise<Map<string, Access>> {
  const [grants, roles] = [await store.allGrants(db, orgId), await store.allRoles(db, orgId)];
  const ids = new Set([...grants, ...roles].map(({ appId }) => appId));
  return new Map(
    [...ids].map((id) => [
      id,
      {
        scopes: new Set(grants.filter(({ appId }) => appId === id).map(({ scope }) => scope)),
        roles: roles.filter(({ appId }) => appId === id).map(({ role }) => role),
      },
    ]),
  );
}

const targetOf = ({ id, label }: GrantedTo) => ({ id, type: 'AppInstance', alternateId: label, displayName: label });
