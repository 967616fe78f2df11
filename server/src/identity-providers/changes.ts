/** Changes of identity providers: each is one transaction with its event, and ends with the compiled configuration thrown away. */
import { type Executor, inTransaction } from '../database/index.ts';
import { apiErrors } from '../http/index.ts';
import { newId } from '../shared/ids.ts';
import { type Caller, type EventTypeName, record } from '../system-log/index.ts';
import { secretPlace } from './compile.ts';
import { readBody } from './configuration/read-body.ts';
import {
  type DirectoryPort,
  eventOf,
  type IdentityProviders,
  type IdentityProvidersDeps,
  NOT_FOUND_TYPE,
} from './deps.ts';
import { PRESETS } from './presets/index.ts';
import type { PolicyConfig } from './schema.ts';
import * as store from './store.ts';
import { toWire } from './wire.ts';

const PRESET_IDS = PRESETS.map(({ id }) => id);

type Changes = Pick<IdentityProviders, 'create' | 'replace' | 'setStatus' | 'remove'>;

export function createChanges(deps: IdentityProvidersDeps): Changes {
  const { database, clock, secretBox, egress } = deps;
  const seal = (id: string, secret: string) => ({ client_secret: secretBox.seal(secret, secretPlace(id)) });

  async function told(
    tx: Executor,
    caller: Caller,
    type: EventTypeName,
    provider: { id: string; name: string },
  ): Promise<void> {
    await record(tx, eventOf(caller, type, provider, clock.now()));
    await deps.configuration.changed(tx, caller.orgId);
  }

  return {
    async create(caller, body) {
      const read = readBody(body, null, egress.admits, PRESET_IDS);
      await requireKnown(deps.directory, caller.orgId, read.config.policy);
      const at = clock.now();
      const id = newId('identityProvider', at);
      const stored: store.StoredIdentityProvider = {
        orgId: caller.orgId,
        id,
        type: 'OIDC',
        name: read.name,
        displayName: read.displayName,
        status: read.status,
        config: read.config,
        secrets: typeof read.clientSecret === 'string' ? seal(id, read.clientSecret) : {},
        created: at,
        lastUpdated: at,
        version: 1,
      };
      await inTransaction(database, async (tx) => {
        await requireFreeName(tx, caller, read.name, null);
        await store.insert(tx, stored);
        const { profileMaster } = read.config.policy.provisioning;
        await deps.onCreated(tx, { orgId: caller.orgId, id, type: 'OIDC', name: read.name, profileMaster, at });
        await told(tx, caller, 'system.idp.lifecycle.create', stored);
      }).catch(asDuplicate);
      return { body: toWire(stored, caller.baseUrl, read.clientSecret ?? null), version: stored.version };
    },

    async replace(caller, id, body, version) {
      const readOver = (previous: store.StoredIdentityProvider) =>
        readBody(
          body,
          { ...previous, hasClientSecret: 'client_secret' in previous.secrets },
          egress.admits,
          PRESET_IDS,
        );
      // The directory is asked before the transaction, which would otherwise hold one connection and wait for another.
      const current = found(await store.find(database, caller.orgId, id), id);
      await requireKnown(deps.directory, caller.orgId, readOver(current).config.policy);
      const { stored, sent } = await inTransaction(database, async (tx) => {
        const previous = await locked(tx, caller, id);
        if (version !== null && version !== previous.version) throw apiErrors.versionConflict();
        const read = readOver(previous);
        await requireFreeName(tx, caller, read.name, id);
        const { name, displayName, config, clientSecret } = read;
        const kept = clientSecret === undefined ? previous.secrets : {};
        const secrets = typeof clientSecret === 'string' ? seal(id, clientSecret) : kept;
        const next = { ...previous, name, displayName, config, secrets, ...moved(previous) };
        await store.update(tx, next);
        await told(tx, caller, 'system.idp.lifecycle.update', next);
        return { stored: next, sent: clientSecret ?? null };
      }).catch(asDuplicate);
      return { body: toWire(stored, caller.baseUrl, sent), version: stored.version };
    },

    async setStatus(caller, id, status) {
      const stored = await inTransaction(database, async (tx) => {
        const previous = await locked(tx, caller, id);
        if (previous.status === status) return previous;
        const next = { ...previous, status, ...moved(previous) };
        await store.update(tx, next);
        const verb = status === 'ACTIVE' ? 'activate' : 'deactivate';
        await told(tx, caller, `system.idp.lifecycle.${verb}`, next);
        return next;
      });
      return { body: toWire(stored, caller.baseUrl, null), version: stored.version };
    },

    async remove(caller, id) {
      await inTransaction(database, async (tx) => {
        const stored = await locked(tx, caller, id);
        await deps.onRemoved(tx, { orgId: caller.orgId, id, at: clock.now() });
        await store.remove(tx, caller.orgId, id);
        await told(tx, caller, 'system.idp.lifecycle.delete', stored);
      });
    },
  };

  function moved(previous: store.StoredIdentityProvider) {
    return { lastUpdated: clock.now(), version: previous.version + 1 };
  }
}

async function locked(tx: Executor, caller: Caller, id: string): Promise<store.StoredIdentityProvider> {
  return found(await store.find(tx, caller.orgId, id, true), id);
}

function found(stored: store.StoredIdentityProvider | null, id: string): store.StoredIdentityProvider {
  if (stored === null) throw apiErrors.notFound(id, NOT_FOUND_TYPE);
  return stored;
}

async function requireFreeName(tx: Executor, caller: Caller, name: string, exceptId: string | null): Promise<void> {
  if (await store.isNameTaken(tx, caller.orgId, name, exceptId)) throw apiErrors.duplicate('name');
}

const UNIQUE_VIOLATION = '23505';

/** Two callers may take a name at the same moment; the index lets one through. */
function asDuplicate(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  throw code === UNIQUE_VIOLATION && constraint === 'identity_providers_name' ? apiErrors.duplicate('name') : error;
}

const MATCHABLE = ['string', 'integer', 'number'];

/** What the policy names must exist: the attribute that people are matched by (contract §2.3), and its groups. */
async function requireKnown(directory: DirectoryPort, orgId: string, policy: PolicyConfig): Promise<void> {
  const { matchAttribute } = policy.subject;
  if (matchAttribute !== null) {
    const field = 'policy.subject.matchAttribute';
    const attribute = await directory.userAttribute(orgId, matchAttribute);
    if (attribute === null)
      throw apiErrors.validation(field, `${field}: the user profile has no attribute "${matchAttribute}"`);
    if (!MATCHABLE.includes(attribute.type) || (attribute.format !== undefined && attribute.format !== 'email')) {
      const expected = 'must be a string without a format or with the format email, an integer or a number';
      throw apiErrors.validation(field, `${field}: "${matchAttribute}" ${expected}`);
    }
  }
  const { groups } = policy.provisioning;
  const named: [field: string, ids: readonly string[]][] = [
    ['policy.provisioning.groups.assignments', groups.assignments ?? []],
    ['policy.provisioning.groups.filter', groups.filter ?? []],
    ['policy.accountLink.filter.groups.include', policy.accountLink.filter?.groups?.include ?? []],
  ];
  for (const [field, ids] of named) {
    const unknown = ids.length === 0 ? [] : await directory.unknownGroups(orgId, ids);
    if (unknown.length > 0)
      throw apiErrors.validation(field, ...unknown.map((id) => `${field}: there is no group "${id}"`));
  }
}
