/** Rules of network zones: one of each name, none that shuts out who saves it, and none gone while a rule or a token refers to it. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import { apiErrors, type Page, pageOf, requireVersion } from '../http/index.ts';
import type { Configuration } from '../orgs/index.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { type Caller, doneBy, type EventTypeName, record } from '../system-log/index.ts';
import { builtInZones } from './built-in.ts';
import { ALL_ZONES, type CompiledZone, compileZone, isLoopback, zonesNamed } from './compile.ts';
import { type ReadZone, readZone } from './read-zone.ts';
import type { ZoneBody } from './schema.ts';
import type { Zone } from './store.ts';
import * as store from './store.ts';

export interface NetworkZones {
  /** The built-in zones, where they do not exist. */
  ensureDefaults(tx: Executor, orgId: string, at: Date): Promise<void>;
  /** Whether an address is in one of the zones; `ALL_ZONES` names every active one for policies. */
  contains(orgId: string, zoneIds: readonly string[], ip: string): Promise<boolean>;
  /** The active zones for policies among those that ids name; `ALL_ZONES` names every one. */
  named(orgId: string, zoneIds: readonly string[]): Promise<CompiledZone[]>;
  /** The name of the active blocklist that an address is in; null for everybody who gets an answer. */
  blocking(orgId: string, ip: string): Promise<string | null>;
  /**
   * Why zones cannot be referred to, one sentence each; none: they can, and stay as they are until the transaction ends. To be called by
   * who stores the reference, before it does.
   */
  problemsOf(tx: Executor, orgId: string, zoneIds: readonly string[]): Promise<string[]>;
  /** Throws E0000031. */
  list(orgId: string, page: { filter?: string; after?: string; limit: number }): Promise<Page<Zone>>;
  /** Throws E0000007. */
  get(orgId: string, id: string): Promise<Zone>;
  /** Throws E0000001. */
  create(caller: Caller, body: ZoneBody): Promise<Zone>;
  /** Throws E0000001, E0000007, and 412 when it is not at `expectedVersion` any more. */
  replace(caller: Caller, id: string, body: ZoneBody, expectedVersion: number | null): Promise<Zone>;
  setStatus(caller: Caller, id: string, status: Zone['status'], expectedVersion: number | null): Promise<Zone>;
  remove(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
}

export interface NetworkZonesDeps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
  /** What refers to a zone, each in words: `routing rule "Office"`. */
  usedBy(tx: Executor, orgId: string, zoneId: string): Promise<string[]>;
}

const MOST_ZONES = 100;

export function createNetworkZones(deps: NetworkZonesDeps): NetworkZones {
  const { database, configuration } = deps;
  const slice = configuration.slice(
    async (db, orgId) => new Map((await store.all(db, orgId)).map((zone) => [zone.id, compileZone(zone)])),
  );
  const blocklists = configuration.slice(async (_db, orgId) =>
    [...(await slice.get(orgId)).values()].filter(({ active, usage }) => active && usage === 'BLOCKLIST'),
  );
  const update = (
    caller: Caller,
    { id, expectedVersion }: { id: string; expectedVersion: number | null },
    type: EventTypeName,
    changed: (before: Zone) => Partial<Zone>,
  ) =>
    change(deps, caller, type, async (tx, at) => {
      const before = existing(await store.find(tx, caller.orgId, id, 'update'), id);
      requireVersion(expectedVersion, before);
      const after = { ...before, ...changed(before), lastUpdated: at, version: before.version + 1 };
      const withdrawn = before.status === 'ACTIVE' && before.usage === 'POLICY';
      if (withdrawn && (after.status === 'INACTIVE' || after.usage === 'BLOCKLIST'))
        await refuseWhileUsed(deps, tx, caller.orgId, before);
      refuseOwnAddress(caller, after);
      await store.save(tx, caller.orgId, after);
      return after;
    });

  return {
    async ensureDefaults(tx, orgId, at) {
      let added = false;
      for (const zone of builtInZones(at)) added = (await store.insertBuiltIn(tx, orgId, zone)) || added;
      if (added) await configuration.changed(tx, orgId);
    },
    contains: async (orgId, zoneIds, ip) =>
      zonesNamed(await slice.get(orgId), zoneIds).some((zone) => zone.contains(ip)),
    named: async (orgId, zoneIds) => zonesNamed(await slice.get(orgId), zoneIds),
    async blocking(orgId, ip) {
      const found = (await blocklists.get(orgId)).find((zone) => zone.contains(ip));
      return found === undefined || isLoopback(ip) ? null : found.name;
    },
    problemsOf: (tx, orgId, zoneIds) => problemsOf(tx, orgId, zoneIds),
    list: async (orgId, { limit, ...page }) =>
      pageOf(await store.list(database, orgId, { ...page, limit: limit + 1 }), limit, ({ id }) => id),
    get: async (orgId, id) => existing(await store.find(database, orgId, id), id),
    create: (caller, body) =>
      change(deps, caller, 'zone.create', async (tx, at) => {
        const { status, ...made } = checked(body);
        if ((await store.count(tx, caller.orgId)) >= MOST_ZONES)
          throw apiErrors.validation(
            'zone',
            `zone: an org has at most ${MOST_ZONES} zones of its own; delete one first`,
          );
        const id = newId('zone', at);
        const times = { created: at, lastUpdated: at, version: 1 };
        const zone: Zone = { id, ...made, status: status ?? 'ACTIVE', system: false, ...times };
        refuseOwnAddress(caller, zone);
        await store.save(tx, caller.orgId, zone);
        return zone;
      }),
    replace: (caller, id, body, expectedVersion) =>
      update(caller, { id, expectedVersion }, 'zone.update', (before) => {
        const { status, ...made } = checked(body, before.system);
        if (made.type !== before.type)
          throw apiErrors.validation('type', `type: a zone stays ${before.type}; create another zone instead`);
        if (before.system && (made.name !== before.name || made.usage !== before.usage))
          throw apiErrors.validation('name', `name: name and usage of ${before.name} stay as they are`);
        return { ...made, status: status ?? before.status };
      }),
    setStatus: (caller, id, status, expectedVersion) =>
      update(caller, { id, expectedVersion }, status === 'ACTIVE' ? 'zone.activate' : 'zone.deactivate', () => ({
        status,
      })),
    remove: async (caller, id, expectedVersion) =>
      void (await change(deps, caller, 'zone.delete', async (tx) => {
        const zone = existing(await store.find(tx, caller.orgId, id, 'update'), id);
        requireVersion(expectedVersion, zone);
        if (zone.system) throw apiErrors.validation('zone', `zone: ${zone.name} is built in and cannot be deleted`);
        if (zone.status === 'ACTIVE')
          throw apiErrors.validation('status', 'status: the zone is ACTIVE; deactivate it before deleting it');
        await refuseWhileUsed(deps, tx, caller.orgId, zone);
        await store.remove(tx, caller.orgId, id);
        return zone;
      })),
  };
}

/** One transaction: the change, its event, and the new version of the configuration. */
async function change(
  { database, configuration, clock }: NetworkZonesDeps,
  caller: Caller,
  type: EventTypeName,
  apply: (tx: Executor, at: Date) => Promise<Zone>,
): Promise<Zone> {
  try {
    return await inTransaction(database, async (tx) => {
      const at = clock.now();
      const zone = await apply(tx, at);
      await configuration.changed(tx, caller.orgId);
      const targets = [{ id: zone.id, type: 'NetworkZone', alternateId: 'unknown', displayName: zone.name }];
      await record(tx, doneBy(caller, { type, at, targets }));
      return zone;
    });
  } catch (error) {
    throw (error as { code?: string }).code === UNIQUE_VIOLATION ? apiErrors.duplicate('name') : error;
  }
}

const UNIQUE_VIOLATION = '23505';

async function problemsOf(tx: Executor, orgId: string, zoneIds: readonly string[]): Promise<string[]> {
  const problems: string[] = [];
  // Always in the same order, so that two changes that name the same zones wait for each other instead of standing still.
  for (const id of [...new Set(zoneIds)].filter((id) => id !== ALL_ZONES).sort()) {
    const zone = await store.find(tx, orgId, id, 'share');
    if (zone === null) problems.push(`there is no network zone ${id.slice(0, 50)}`);
    else if (zone.usage === 'BLOCKLIST')
      problems.push(`the zone "${zone.name}" is a blocklist, not a zone for policies`);
    else if (zone.status === 'INACTIVE') problems.push(`the zone "${zone.name}" is inactive; activate it first`);
  }
  return problems;
}

async function refuseWhileUsed({ usedBy }: NetworkZonesDeps, tx: Executor, orgId: string, zone: Zone): Promise<void> {
  const users = await usedBy(tx, orgId, zone.id);
  if (users.length > 0)
    throw apiErrors.validation(
      'zone',
      `zone: The zone "${zone.name}" is used by ${users.join(', ')}. Take it out there first.`,
    );
}

/** Who saves a blocklist must be able to take it back. */
function refuseOwnAddress({ client }: Caller, zone: Zone): void {
  if (client === undefined || zone.usage !== 'BLOCKLIST' || zone.status !== 'ACTIVE') return;
  if (compileZone(zone).contains(client.ip))
    throw apiErrors.validation(
      'gateways',
      `gateways: They contain ${client.ip}, the address from which you call: you would be shut out.`,
    );
}

function existing(zone: Zone | null, id: string): Zone {
  if (zone === null) throw apiErrors.notFound(id, 'NetworkZone');
  return zone;
}

function checked(body: ZoneBody, system = false): ReadZone {
  const read = readZone(body, system);
  if ('problems' in read) throw apiErrors.validation(read.problems[0]!.split(':')[0]!, ...read.problems);
  return read;
}
