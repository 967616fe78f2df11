/** The rules of applications: created, changed, switched on and off, deleted; each change in one transaction with its log event. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import type { UsedAttribute } from '../directory/profile-schemas/index.ts';
import { apiErrors, type Page, pageOf, requireVersion } from '../http/index.ts';
import type { Configuration } from '../orgs/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { SecretBox } from '../shared/secret-box.ts';
import { type Caller, doneBy, type EventTypeName, type LogTarget, record } from '../system-log/index.ts';
import { holdGroupsOfApp } from './assignments/membership.ts';
import { newApplication, replaceApplication } from './build.ts';
import { type CompiledApplication, compileApplication } from './compile.ts';
import type { ApplicationPorts } from './ports.ts';
import { type ApplicationBody, type ApplicationStatus, SIGN_ON_MODE } from './schema.ts';
import { generateSecret, needsSecret, sealSecret, secretToWire } from './secrets.ts';
import { usesOf } from './settings/used-by.ts';
import type { StoredApplication } from './store.ts';
import * as store from './store.ts';
import { type ApplicationWire, applicationToWire } from './wire.ts';

export interface ApplicationsDeps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
  secretBox: SecretBox;
  ports: ApplicationPorts;
}

export interface Versioned<T> {
  version: number;
  body: T;
}

export type Place = Pick<Caller, 'orgId' | 'baseUrl'>;

export type SecretWire = NonNullable<ReturnType<typeof secretToWire>>;

export interface ApplicationService {
  byId(orgId: string, id: string): Promise<CompiledApplication | null>;
  byClientId(orgId: string, clientId: string): Promise<CompiledApplication | null>;
  /** Keeps an application from being deleted until the transaction ends, for whoever attaches something to it. Throws E0000007. */
  hold(tx: Executor, orgId: string, id: string): Promise<void>;
  list(orgId: string): Promise<CompiledApplication[]>;
  /** Sentences that say which applications' settings read an attribute. */
  usedBy(tx: Executor, orgId: string, attribute: UsedAttribute): Promise<string[]>;
  /** Origins of the redirect URIs of active applications: pages there may read the hub's answers (rulings 29). */
  origins(orgId: string): Promise<ReadonlySet<string>>;
  /** Throws E0000001. The answer alone holds the client secret. */
  create(caller: Caller, body: ApplicationBody, activate: boolean): Promise<Versioned<ApplicationWire>>;
  read(caller: Caller, id: string): Promise<Versioned<ApplicationWire>>;
  search(place: Place, search: store.Search, limit: number): Promise<Page<ApplicationWire>>;
  /** Keeps the secret when the body omits it. Throws E0000001, E0000007, 412. */
  replace(
    caller: Caller,
    id: string,
    body: ApplicationBody,
    expectedVersion: number | null,
  ): Promise<Versioned<ApplicationWire>>;
  setStatus(caller: Caller, id: string, status: ApplicationStatus, expectedVersion: number | null): Promise<void>;
  /** Throws E0000056 while it is active. */
  remove(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
  /** In clear, which is recorded, where the application shows its secret again. */
  secrets(caller: Caller, id: string): Promise<SecretWire[]>;
  /** A new secret in place of the present one, which stops to work at once. */
  renewSecret(caller: Caller, id: string): Promise<SecretWire>;
}

interface View {
  byId: Map<string, CompiledApplication>;
  byClientId: Map<string, CompiledApplication>;
  origins: ReadonlySet<string>;
}

export const applicationTarget = ({ id, label }: { id: string; label: string }): LogTarget => ({
  id,
  type: 'AppInstance',
  alternateId: label,
  displayName: label,
});

export function createApplicationService(
  deps: ApplicationsDeps & { assignedGroups(db: Executor, orgId: string): Promise<Map<string, string[]>> },
): ApplicationService {
  const { database, configuration, clock, secretBox, ports } = deps;
  const view = configuration.slice((db, orgId) => loadView(deps, db, orgId));

  async function present(
    place: Place,
    row: StoredApplication,
    clientSecret?: string,
  ): Promise<Versioned<ApplicationWire>> {
    const signingKeyId = await ports.signingKeyId(place.orgId, row.config.oauthClient.id_token_signed_response_alg);
    const accessPolicyId = await ports.accessPolicyId(place.orgId);
    const context = {
      orgId: place.orgId,
      baseUrl: place.baseUrl,
      signingKeyId,
      accessPolicyId,
      ...(clientSecret === undefined ? {} : { clientSecret }),
    };
    return { version: row.version, body: applicationToWire(row, context) };
  }
  const change = (caller: Caller, id: string, type: EventTypeName, work: Change) =>
    changeApplication(deps, caller, id, type, work);

  return {
    byId: async (orgId, id) => (await view.get(orgId)).byId.get(id) ?? null,
    byClientId: async (orgId, clientId) => (await view.get(orgId)).byClientId.get(clientId) ?? null,
    usedBy: async (tx, orgId, attribute) => (await store.allOf(tx, orgId)).flatMap((row) => usesOf(row, attribute)),
    hold,
    list: async (orgId) => [...(await view.get(orgId)).byId.values()],
    origins: async (orgId) => (await view.get(orgId)).origins,
    async create(caller, body, activate) {
      const at = clock.now();
      const { row, secret } = newApplication(secretBox, body, activate, at);
      await inTransaction(database, async (tx) => {
        if (!(await store.insert(tx, caller.orgId, SIGN_ON_MODE, row))) throw apiErrors.duplicate('client_id');
        await ports.belongings.create(tx, caller.orgId, { id: row.id, name: row.name, label: row.label, at });
        await configuration.changed(tx, caller.orgId);
        await record(tx, eventOf(caller, 'application.lifecycle.create', row, at));
      });
      return present(caller, row, secret ?? undefined);
    },
    read: async (caller, id) => present(caller, await existing(database, caller.orgId, id)),
    async search(place, search, limit) {
      const page = pageOf(await store.search(database, place.orgId, search, limit + 1), limit, (row) => row.id);
      const items = await Promise.all(page.items.map(async (row) => (await present(place, row)).body));
      return { items, after: page.after };
    },
    async replace(caller, id, body, expectedVersion) {
      let made: string | null = null;
      const row = await change(caller, id, 'application.lifecycle.update', (before, at) => {
        requireVersion(expectedVersion, before);
        const replaced = replaceApplication(secretBox, before, body, at);
        made = replaced.secret;
        return replaced.row;
      });
      return present(caller, row, made ?? undefined);
    },
    async setStatus(caller, id, status, expectedVersion) {
      const type = status === 'ACTIVE' ? 'application.lifecycle.activate' : 'application.lifecycle.deactivate';
      await change(caller, id, type, (row) => {
        requireVersion(expectedVersion, row);
        return row.status === status ? null : { ...row, status };
      });
    },
    async remove(caller, id, expectedVersion) {
      await inTransaction(database, async (tx) => {
        await holdGroupsOfApp(tx, ports, caller.orgId, id);
        const row = await existing(tx, caller.orgId, id, true);
        requireVersion(expectedVersion, row);
        if (row.status === 'ACTIVE') throw apiErrors.deleteActiveApplication();
        await store.remove(tx, caller.orgId, id);
        await ports.belongings.remove(tx, caller.orgId, { id });
        await configuration.changed(tx, caller.orgId);
        await record(tx, eventOf(caller, 'application.lifecycle.delete', row, clock.now()));
      });
    },
    async secrets(caller, id) {
      const row = await existing(database, caller.orgId, id);
      const secret = secretToWire(secretBox, caller.baseUrl, row);
      if (secret !== null && row.config.oauthClient.client_secret_shown_again)
        await record(database, eventOf(caller, 'gatehouse.application.read_client_secret', row, clock.now()));
      return secret === null ? [] : [secret];
    },
    async renewSecret(caller, id) {
      const secret = generateSecret();
      const row = await change(caller, id, 'application.lifecycle.update', (before, at) => {
        if (!needsSecret(before.config))
          throw apiErrors.validation('client_secret', 'client_secret: this application does not use a secret');
        return {
          ...before,
          ...sealSecret(secretBox, id, secret),
          config: { ...before.config, secretCreated: at.toISOString() },
        };
      });
      return secretToWire(secretBox, caller.baseUrl, row, secret)!;
    },
  };
}

/** What becomes of a row; null when nothing does. */
type Change = (row: StoredApplication, at: Date) => StoredApplication | null;

/** One transaction: the row locked, changed, stored; the configuration's version moved; the event recorded. */
async function changeApplication(
  { database, configuration, clock }: ApplicationsDeps,
  caller: Caller,
  id: string,
  type: EventTypeName,
  work: Change,
): Promise<StoredApplication> {
  return inTransaction(database, async (tx) => {
    const row = await existing(tx, caller.orgId, id, true);
    const at = clock.now();
    const changed = work(row, at);
    if (changed === null) return row;
    const next = { ...changed, lastUpdated: at, version: row.version + 1 };
    await store.update(tx, caller.orgId, next);
    await configuration.changed(tx, caller.orgId);
    await record(tx, eventOf(caller, type, next, at));
    return next;
  });
}

async function hold(tx: Executor, orgId: string, id: string): Promise<void> {
  if (!(await store.hold(tx, orgId, id))) throw apiErrors.notFound(id, 'AppInstance');
}

async function existing(db: Executor, orgId: string, id: string, lock = false): Promise<StoredApplication> {
  const row = await store.find(db, orgId, id, lock);
  if (row === null) throw apiErrors.notFound(id, 'AppInstance');
  return row;
}

const eventOf = (caller: Caller, type: EventTypeName, row: StoredApplication, at: Date) =>
  doneBy(caller, { type, at, targets: [applicationTarget(row)] });

async function loadView(
  {
    ports,
    assignedGroups,
  }: { ports: ApplicationPorts; assignedGroups(db: Executor, orgId: string): Promise<Map<string, string[]>> },
  db: Executor,
  orgId: string,
): Promise<View> {
  const rows = await store.allOf(db, orgId);
  const groups = await assignedGroups(db, orgId);
  const mappings = await ports.mappings(db, orgId);
  const schemas = await ports.schemas.ofApplications(orgId);
  const everyone = rows.length === 0 ? null : await ports.everyoneGroupId(orgId);
  const compiled = rows.map((row) => {
    const assigned = groups.get(row.id) ?? [];
    const ids = assigned.filter((id) => id !== everyone);
    const assignedTo = { everyone: assigned.some((id) => id === everyone), ids };
    return compileApplication(row, assignedTo, { mappings, schema: schemas.get(row.id) ?? null });
  });
  return {
    byId: new Map(compiled.map((app) => [app.id, app])),
    byClientId: new Map(compiled.map((app) => [app.clientId, app])),
    origins: new Set(
      compiled.filter((app) => app.status === 'ACTIVE').flatMap((app) => app.redirectUris.flatMap(originOf)),
    ),
  };
}

/** Private-use schemes have no origin. */
function originOf(uri: string): string[] {
  const origin = URL.parse(uri)?.origin;
  return origin === undefined || origin === 'null' ? [] : [origin];
}
