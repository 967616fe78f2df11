/** Rules of trusted origins: one of each name and address, and at once in force in every hub. */
import { type Database, type Executor, inTransaction } from '../database/index.ts';
import { apiErrors, type Page, pageOf, requireVersion } from '../http/index.ts';
import type { Configuration } from '../orgs/index.ts';
import type { Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import { type Caller, doneBy, type EventTypeName, record } from '../system-log/index.ts';
import { type OriginBody, readOrigin } from './schema.ts';
import type { TrustedOrigin } from './store.ts';
import * as store from './store.ts';

export interface TrustedOrigins {
  /** Origins whose pages may call with a person's session; compiled. */
  withCredentials(orgId: string): Promise<ReadonlySet<string>>;
  /** Origins to which a browser may be sent back; compiled. */
  destinations(orgId: string): Promise<ReadonlySet<string>>;
  list(orgId: string, page: { after?: string; limit: number }): Promise<Page<TrustedOrigin>>;
  /** Throws E0000007. */
  get(orgId: string, id: string): Promise<TrustedOrigin>;
  /** Throws E0000001. */
  create(caller: Caller, body: OriginBody): Promise<TrustedOrigin>;
  /** Throws E0000001, E0000007, and 412 when it is not at `expectedVersion` any more. */
  replace(caller: Caller, id: string, body: OriginBody, expectedVersion: number | null): Promise<TrustedOrigin>;
  setStatus(
    caller: Caller,
    id: string,
    status: TrustedOrigin['status'],
    expectedVersion: number | null,
  ): Promise<TrustedOrigin>;
  remove(caller: Caller, id: string, expectedVersion: number | null): Promise<void>;
}

interface Deps {
  database: Database;
  configuration: Configuration;
  clock: Clock;
}

export function createTrustedOrigins({ database, configuration, clock }: Deps): TrustedOrigins {
  const allowed = configuration.slice(async (db, orgId) => new Set(await store.activeFor(db, orgId, 'CORS')));
  const destinations = configuration.slice(async (db, orgId) => new Set(await store.activeFor(db, orgId, 'REDIRECT')));

  /** One transaction: the change, its event, and the new version of the configuration. */
  async function change(
    caller: Caller,
    type: EventTypeName,
    apply: (tx: Executor, at: Date) => Promise<TrustedOrigin>,
  ): Promise<TrustedOrigin> {
    try {
      return await inTransaction(database, async (tx) => {
        const at = clock.now();
        const stored = await apply(tx, at);
        await configuration.changed(tx, caller.orgId);
        const targets = [
          { id: stored.id, type: 'TrustedOrigin', alternateId: stored.origin, displayName: stored.name },
        ];
        await record(tx, doneBy(caller, { type, at, targets }));
        return stored;
      });
    } catch (error) {
      throw asDuplicate(error);
    }
  }
  const update = (
    caller: Caller,
    { id, expectedVersion }: { id: string; expectedVersion: number | null },
    type: EventTypeName,
    changed: (before: TrustedOrigin) => Partial<TrustedOrigin>,
  ) =>
    change(caller, type, async (tx, at) => {
      const before = existing(await store.find(tx, caller.orgId, id, true), id);
      requireVersion(expectedVersion, before);
      const by = { lastUpdated: at, lastUpdatedBy: caller.actor.id, version: before.version + 1 };
      const after = { ...before, ...changed(before), ...by };
      await store.save(tx, caller.orgId, after);
      return after;
    });

  return {
    withCredentials: (orgId) => allowed.get(orgId),
    destinations: (orgId) => destinations.get(orgId),
    list: async (orgId, { after, limit }) =>
      pageOf(await store.list(database, orgId, after ?? '', limit + 1), limit, ({ id }) => id),
    get: async (orgId, id) => existing(await store.find(database, orgId, id), id),
    create: (caller, body) =>
      change(caller, 'security.trusted_origin.create', async (tx, at) => {
        const by = caller.actor.id;
        const times = { created: at, createdBy: by, lastUpdated: at, lastUpdatedBy: by, version: 1 };
        const id = newId('trustedOrigin', at);
        const stored: TrustedOrigin = { id, name: body.name, ...checked(body), status: 'ACTIVE', ...times };
        await store.save(tx, caller.orgId, stored);
        return stored;
      }),
    replace: (caller, id, body, expectedVersion) =>
      update(caller, { id, expectedVersion }, 'security.trusted_origin.update', () => ({
        name: body.name,
        ...checked(body),
      })),
    setStatus: (caller, id, status, expectedVersion) =>
      update(
        caller,
        { id, expectedVersion },
        status === 'ACTIVE' ? 'security.trusted_origin.activate' : 'security.trusted_origin.deactivate',
        () => ({ status }),
      ),
    remove: async (caller, id, expectedVersion) =>
      void (await change(caller, 'security.trusted_origin.delete', async (tx) => {
        const stored = existing(await store.find(tx, caller.orgId, id, true), id);
        requireVersion(expectedVersion, stored);
        await store.remove(tx, caller.orgId, id);
        return stored;
      })),
  };
}

function existing(stored: TrustedOrigin | null, id: string): TrustedOrigin {
  if (stored === null) throw apiErrors.notFound(id, 'TrustedOrigin');
  return stored;
}

function checked(body: OriginBody): { origin: string; scopes: string[] } {
  const read = readOrigin(body);
  if ('problem' in read) throw apiErrors.validation(read.field, read.problem);
  return read;
}

const UNIQUE_VIOLATION = '23505';

function asDuplicate(error: unknown): unknown {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code !== UNIQUE_VIOLATION) return error;
  return apiErrors.duplicate(constraint === 'trusted_origins_name' ? 'name' : 'origin');
}
