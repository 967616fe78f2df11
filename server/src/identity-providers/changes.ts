/** Changes of identity providers: each is one transaction with its event, and ends with the compiled configuration thrown away. */
import { type Executor, inTransaction } from '../database/index.ts';
import { apiErrors, requireVersion } from '../http/index.ts';
import { newId, timeOrdered } from '../shared/ids.ts';
import { type Caller, type EventTypeName, record } from '../system-log/index.ts';
import { secretPlace } from './compile.ts';
import { readBody, typeOf } from './configuration/read-body.ts';
import {
  type DirectoryPort,
  eventOf,
  type IdentityProviders,
  type IdentityProvidersDeps,
  NOT_FOUND_TYPE,
  type Versioned,
} from './deps.ts';
import { createSigningKey, DEFAULT_VALIDITY_YEARS } from './keys/create.ts';
import { trustedKids } from './keys/service.ts';
import * as keys from './keys/store.ts';
import { PRESETS, presetOf } from './presets/index.ts';
import type { IdentityProviderConfig, PolicyConfig } from './schema.ts';
import * as store from './store.ts';
import { toWire } from './wire.ts';

type Changes = Pick<IdentityProviders, 'create' | 'replace' | 'setStatus' | 'remove'>;

export function createChanges(deps: IdentityProvidersDeps): Changes {
  const { database, clock, egress } = deps;

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
    create: (caller, body) => create(deps, told, caller, body),

    async replace(caller, id, body, version) {
      const readOver = (previous: store.StoredIdentityProvider) =>
        readBody(
          body,
          { ...previous, hasClientSecret: 'client_secret' in previous.secrets },
          egress.admits,
          PRESETS,
          NO_DEFAULTS,
        );
      // The directory is asked before the transaction, which would otherwise hold one connection and wait for another.
      const current = found(await store.find(database, caller.orgId, id), id);
      await requireKnown(deps.directory, caller.orgId, readOver(current).config.policy, current.config.policy);
      const { stored, sent } = await inTransaction(database, async (tx) => {
        const previous = await locked(tx, caller, id);
        requireVersion(version, previous);
        const read = readOver(previous);
        await requireFreeName(tx, caller, read.name, id);
        await requireKeys(tx, caller.orgId, id, read.config.protocol);
        const { name, displayName, config, clientSecret } = read;
        const kept = clientSecret === undefined ? previous.secrets : {};
        const secrets = typeof clientSecret === 'string' ? sealOf(deps, id, clientSecret) : kept;
        const next = { ...previous, name, displayName, config, secrets, ...moved(previous) };
        await store.update(tx, next);
        await told(tx, caller, 'system.idp.lifecycle.update', next);
        return { stored: next, sent: clientSecret ?? null };
      }).catch(asDuplicate);
      return { body: toWire(stored, caller.baseUrl, sent), version: stored.version };
    },

    async setStatus(caller, id, status, version) {
      const stored = await inTransaction(database, async (tx) => {
        const previous = await locked(tx, caller, id);
        requireVersion(version, previous);
        if (previous.status === status) return previous;
        const next = { ...previous, status, ...moved(previous) };
        await store.update(tx, next);
        const verb = status === 'ACTIVE' ? 'activate' : 'deactivate';
        await told(tx, caller, `system.idp.lifecycle.${verb}`, next);
        return next;
      });
      return { body: toWire(stored, caller.baseUrl, null), version: stored.version };
    },

    async remove(caller, id, version) {
      await inTransaction(database, async (tx) => {
        const stored = await locked(tx, caller, id);
        requireVersion(version, stored);
        await deps.onRemoved(tx, { orgId: caller.orgId, id, at: clock.now() });
        await store.remove(tx, caller.orgId, id);
        await keys.removeSigning(tx, caller.orgId, id, null);
        await told(tx, caller, 'system.idp.lifecycle.delete', stored);
      });
    },
  };

  function moved(previous: store.StoredIdentityProvider) {
    return { lastUpdated: clock.now(), version: previous.version + 1 };
  }
}

/** What a new SAML provider gets from the hub: a key of its own, and the name under which the hub is known to it. */
async function samlDefaults(
  { secretBox }: IdentityProvidersDeps,
  { baseUrl }: Caller,
  { body, id, at }: { body: unknown; id: string; at: Date },
) {
  if (typeOf(body) !== 'SAML2') return { signing: null, defaults: NO_DEFAULTS };
  const signing = await createSigningKey(secretBox, { idpId: id, name: id, at, validityYears: DEFAULT_VALIDITY_YEARS });
  const audience = `${baseUrl}/saml2/service-provider/sp${timeOrdered(at, 10)}`;
  return { signing, defaults: { audience, signingKid: signing.kid } };
}

const NO_DEFAULTS = { audience: '', signingKid: '' };

type Tell = (
  tx: Executor,
  caller: Caller,
  type: EventTypeName,
  provider: { id: string; name: string },
) => Promise<void>;

const sealOf = ({ secretBox }: IdentityProvidersDeps, id: string, secret: string) => ({
  client_secret: secretBox.seal(secret, secretPlace(id)),
});

async function create(deps: IdentityProvidersDeps, told: Tell, caller: Caller, body: unknown): Promise<Versioned> {
  const { database, clock, egress } = deps;
  const at = clock.now();
  const id = newId('identityProvider', at);
  const { signing, defaults } = await samlDefaults(deps, caller, { body, id, at });
  const read = readBody(body, null, egress.admits, PRESETS, defaults);
  await requireKnown(deps.directory, caller.orgId, read.config.policy, null);
  const { type } = read.config.protocol;
  const stored: store.StoredIdentityProvider = {
    orgId: caller.orgId,
    id,
    type,
    name: read.name,
    displayName: read.displayName,
    status: read.status,
    config: read.config,
    secrets: typeof read.clientSecret === 'string' ? sealOf(deps, id, read.clientSecret) : {},
    created: at,
    lastUpdated: at,
    version: 1,
  };
  await inTransaction(database, async (tx) => {
    await requireFreeName(tx, caller, read.name, null);
    if (signing !== null) await keys.insertSigning(tx, caller.orgId, signing);
    await requireKeys(tx, caller.orgId, id, read.config.protocol);
    await store.insert(tx, stored);
    const { profileMaster } = read.config.policy.provisioning;
    await deps.onCreated(tx, {
      orgId: caller.orgId,
      id,
      type,
      name: read.name,
      profileMaster,
      externalNames: presetOf(read.config.preset)?.externalNames ?? {},
      at,
    });
    await told(tx, caller, 'system.idp.lifecycle.create', stored);
  }).catch(asDuplicate);
  return { body: toWire(stored, caller.baseUrl, read.clientSecret ?? null), version: stored.version };
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

/** What a SAML provider names must exist, and stay: the certificates that it is trusted by, and the hub's key that signs. */
async function requireKeys(
  tx: Executor,
  orgId: string,
  idpId: string,
  protocol: IdentityProviderConfig['protocol'],
): Promise<void> {
  if (protocol.type !== 'SAML2') return;
  const wanted = trustedKids(protocol);
  const known = new Set((await keys.holdTrust(tx, orgId, wanted)).map(({ kid }) => kid));
  const unknown = wanted.filter((kid) => !known.has(kid));
  const trust = 'protocol.credentials.trust.kid';
  if (unknown.length > 0)
    throw apiErrors.validation(trust, ...unknown.map((kid) => `${trust}: there is no certificate "${kid}"`));
  const { kid } = protocol.credentials.signing;
  const signing = 'protocol.credentials.signing.kid';
  if (!(await keys.signingOf(tx, orgId, idpId)).some((key) => key.kid === kid))
    throw apiErrors.validation(signing, `${signing}: the identity provider has no key "${kid}"`);
}

const UNIQUE_VIOLATION = '23505';

/** Two callers may take a name at the same moment; the index lets one through. */
function asDuplicate(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  throw code === UNIQUE_VIOLATION && constraint === 'identity_providers_name' ? apiErrors.duplicate('name') : error;
}

const MATCHABLE = ['string', 'integer', 'number'];

/**
 * What the policy names must exist: the attribute that people are matched by (contract §2.3), and its groups. A group that was deleted
 * since may stay where it stood.
 */
async function requireKnown(
  directory: DirectoryPort,
  orgId: string,
  policy: PolicyConfig,
  present: PolicyConfig | null,
): Promise<void> {
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
  const stood = present === null ? null : groupsOf(present);
  for (const [field, ids] of Object.entries(groupsOf(policy))) {
    const fresh = ids.filter((id) => stood?.[field]?.includes(id) !== true);
    const unknown = fresh.length === 0 ? [] : await directory.unknownGroups(orgId, fresh);
    if (unknown.length > 0)
      throw apiErrors.validation(field, ...unknown.map((id) => `${field}: there is no group "${id}"`));
  }
}

/** The groups that a policy names, by the field that does. */
function groupsOf({ provisioning: { groups }, accountLink }: PolicyConfig): Record<string, readonly string[]> {
  return {
    'policy.provisioning.groups.assignments': groups.assignments ?? [],
    'policy.provisioning.groups.filter': groups.filter ?? [],
    'policy.accountLink.filter.groups.include': accountLink.filter?.groups?.include ?? [],
  };
}
