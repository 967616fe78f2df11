/** Identity providers as others use them: the compiled ones for a running sign-in, the stored ones for the management API. */
import { apiErrors, pageOf } from '../http/index.ts';
import { after, HOUR } from '../shared/clock.ts';
import { record } from '../system-log/index.ts';
import { createChanges } from './changes.ts';
import { compile, openSecret } from './compile.ts';
import { usesOf } from './configuration/used-by.ts';
import { eventOf, type IdentityProviders, type IdentityProvidersDeps, NOT_FOUND_TYPE } from './deps.ts';
import { createProviderKeys } from './keys/service.ts';
import * as keyStore from './keys/store.ts';
import { createDaily } from './metadata/daily.ts';
import { describeHub } from './metadata/describe.ts';
import { createMetadataReader } from './metadata/read.ts';
import { createKeySets } from './oidc/key-sets.ts';
import * as store from './store.ts';
import { toWire } from './wire.ts';

export function createIdentityProviders(deps: IdentityProvidersDeps): IdentityProviders {
  const { database, configuration, clock, secretBox, egress, clientKeys } = deps;
  const keyUsed = createUseNote(deps);
  const connectorDeps = { egress, clientKeys, keySets: createKeySets({ egress, clock }), keyUsed };
  const compiled = configuration.slice(async (db, orgId) => {
    const stored = await store.allOf(db, orgId);
    const keys = { trust: await keyStore.allTrust(db, orgId), signing: await keyStore.allSigning(db, orgId) };
    return new Map(stored.map((provider) => [provider.id, compile(provider, secretBox, connectorDeps, keys)]));
  });

  const reader = createMetadataReader(egress);

  return {
    ...createChanges(deps),
    keys: createProviderKeys(deps),
    readMetadata: reader.read,
    daily: createDaily(deps, reader),
    hold: store.hold,
    byId: async (orgId, id) => (await compiled.get(orgId)).get(id) ?? null,
    list: async (orgId) => [...(await compiled.get(orgId)).values()],
    usedBy: async (tx, orgId, attribute) =>
      (await store.allOf(tx, orgId)).flatMap((provider) => usesOf(provider, attribute)),
    async profileSources(tx, orgId) {
      const sources = (await store.allOf(tx, orgId)).filter(({ config }) => config.policy.provisioning.profileMaster);
      return new Set(sources.map((source) => source.id));
    },

    async metadata({ orgId, baseUrl }, id) {
      const stored = await store.find(database, orgId, id);
      if (stored === null || stored.config.protocol.type !== 'SAML2') throw apiErrors.notFound(id, NOT_FOUND_TYPE);
      const keys = await keyStore.signingOf(database, orgId, id);
      return describeHub({ id, protocol: stored.config.protocol, keys, baseUrl, orgName: await deps.orgName(orgId) });
    },

    async describe(orgId, baseUrl, ids) {
      return (await store.findSome(database, orgId, ids)).map((stored) => toWire(stored, baseUrl, null));
    },

    async search(orgId, baseUrl, search, limit) {
      const page = pageOf(await store.search(database, orgId, search, limit + 1), limit, (last) =>
        search.q !== null && store.nameKey(last.name) === store.nameKey(search.q) ? store.START : last.id,
      );
      return { items: page.items.map((stored) => toWire(stored, baseUrl, null)), after: page.after };
    },

    async read(caller, id) {
      const stored = await store.find(database, caller.orgId, id);
      if (stored === null) throw apiErrors.notFound(id, NOT_FOUND_TYPE);
      const secret = openSecret(stored, secretBox);
      if (secret !== null) {
        await record(database, eventOf(caller, 'system.idp.lifecycle.read_client_secret', stored, clock.now()));
      }
      return { body: toWire(stored, caller.baseUrl, secret), version: stored.version };
    },
  };
}

/** Which key a response was decrypted with, written down once an hour: enough to see when a rollover is over. */
function createUseNote({ database, clock }: IdentityProvidersDeps) {
  const noted = new Map<string, Date>();
  return (orgId: string, idpId: string, kid: string): void => {
    const now = clock.now();
    const key = `${orgId}/${idpId}/${kid}`;
    const last = noted.get(key);
    if (last !== undefined && after(last, HOUR) > now) return;
    noted.set(key, now);
    // A sign-in does not wait for it, and does not fail with it: the next one writes it down.
    keyStore.noteUse(database, orgId, idpId, kid, now).catch(() => noted.delete(key));
  };
}
